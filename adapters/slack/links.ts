/** A link that somebody typed: `<https://…|words>` as Slack writes it, or as it is. */
export function typedLink(word: string): string | undefined {
  const [, marked] = /^<(https?:\/\/[^|>\s]+)(?:\|[^>]*)?>$/.exec(word) ?? []
  const url = (marked ?? word).replaceAll('&amp;', '&')
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined
}

/** The message that a permanent link names: `https://<team>.slack.com/archives/C…/p1700000000000100`. */
export function messageOfLink(url: string): { readonly channelId: string; readonly ts: string } | undefined {
  const { hostname, pathname } = new URL(url)
  const [, channelId, digits] = /^\/archives\/([\w-]{1,60})\/p(\d{11,19})$/.exec(pathname) ?? []
  if (!hostname.endsWith('.slack.com') || channelId === undefined || digits === undefined) return undefined
  return { channelId, ts: `${digits.slice(0, -6)}.${digits.slice(-6)}` }
}
