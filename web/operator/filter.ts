/** What the list of conversations shows; a field that is left out does not restrict. */
export interface MessageFilter {
  readonly bot?: string
  readonly channel?: string
  readonly outcome?: string
  readonly correction?: string
  readonly q?: string
}

const filterFields = ['bot', 'channel', 'outcome', 'correction', 'q'] as const

/** Reads a filter from the query of a page's address, so that a filtered list can be linked to. */
export function filterFrom(query: URLSearchParams): MessageFilter {
  const given = filterFields.flatMap((field) => {
    const value = query.get(field)
    return value ? [[field, value] as const] : []
  })
  return Object.fromEntries(given)
}

/** The query of a filter, without a `?`; '' when it restricts nothing. */
export function queryOf(filter: MessageFilter, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams()
  for (const field of filterFields) {
    const value = filter[field]
    if (value) query.set(field, value)
  }
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  return query.toString()
}

/** The address of the list with this filter. */
export function listPath(filter: MessageFilter): string {
  const query = queryOf(filter)
  return query ? `/conversations?${query}` : '/conversations'
}
