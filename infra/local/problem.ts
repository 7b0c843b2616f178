/** Thrown when this machine lacks something that a person can put right; `next` is what to do, in one or two lines. */
export class LocalProblem extends Error {
  readonly code = 'LocalProblem'
  readonly next: string
  constructor(message: string, next: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LocalProblem'
    this.next = next
  }
}

/** What went wrong, in words for a person, whatever was thrown; a failed request says why only in its cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.message === 'fetch failed' && error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return `${error.message}${cause}`
}
