/* How figures, times and names are put into words, the same on every page. */

const language = 'en'

/** 0.8712 → "87 %". Never "100 %" or "0 %" unless it is exactly that. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100)
  if (rounded === 100 && share < 1) return '> 99 %'
  if (rounded === 0 && share > 0) return '< 1 %'
  return `${rounded} %`
}

/** Milliseconds as people say them: "87 ms", "1.2 s", "3 min". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`
}

export const count = (value: number): string => value.toLocaleString(language)

/** "1 picture", "2 pictures". */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`

/** The time of day; for another day, its date too. */
export function shortTime(iso: string, now: Date): string {
  const time = new Date(iso)
  const clock = time.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  if (time.toDateString() === now.toDateString()) return clock
  const sameYear = time.getFullYear() === now.getFullYear()
  const dayAndMonth = { day: 'numeric', month: 'short' } as const
  const date = time.toLocaleDateString(language, sameYear ? dayAndMonth : { ...dayAndMonth, year: 'numeric' })
  return `${date}, ${clock}`
}

/** With seconds and date, for whoever compares it with a log. */
export const fullTime = (iso: string): string =>
  new Date(iso).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' })

const channels: Readonly<Record<string, string>> = { slack: 'Slack', x: 'X', http: 'HTTP' }
export const channelWords = (channel: string): string => channels[channel] ?? channel

/** What people read for a label's id; the id itself for one that the bot no longer has. */
export const labelWords = (labels: readonly { readonly id: string; readonly words: string }[], id: string): string =>
  labels.find((label) => label.id === id)?.words ?? id

export const versionWords = ({ slot, version }: { readonly slot: string; readonly version: number }): string =>
  slot === 'main' ? `version ${version}` : `${slot} version ${version}`

/** A link that may be put on a page: http(s) only, whatever a record says. */
export function safeLink(url: string | null | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined
  return ['http:', 'https:'].includes(new URL(url).protocol) ? url : undefined
}
