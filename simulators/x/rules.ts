import type { Account, Network, Post } from './network.ts'

/** A URL counts 23, whatever its length (twitter-text configuration v3). */
const urlWeight = 23
export const longestPost = 280

const url =
  /https?:\/\/[^\s]+|(?<![@\w.-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|ai|co|edu|gov|info|me)\b(?:\/[^\s]*)?/giu
const light: readonly (readonly [number, number])[] = [
  [0, 4351],
  [8192, 8205],
  [8208, 8223],
  [8242, 8247],
]
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u

const weightOf = (char: string): number => {
  const code = char.codePointAt(0) ?? 0
  return light.some(([from, to]) => code >= from && code <= to) ? 1 : 2
}

/** A whole emoji counts 2, like a Chinese character; `©` and the like count what they are. */
const graphemeWeight = (segment: string): number =>
  emoji.test(segment) && weightOf(segment) === 2
    ? 2
    : Array.from(segment, weightOf).reduce((sum, weight) => sum + weight, 0)

/** The length of a post as X counts it (twitter-text, weighted: 280 is the most). */
export function weightedLength(text: string): number {
  const normal = text.normalize('NFC')
  const urls = normal.match(url)?.length ?? 0
  const rest = [...graphemes.segment(normal.replaceAll(url, ''))]
  return urls * urlWeight + rest.reduce((sum, { segment }) => sum + graphemeWeight(segment), 0)
}

/** Whether the text itself @mentions the account: not being replied to is no mention. */
export const mentionsHandle = (text: string, handle: string): boolean =>
  new RegExp(`(?<![\\w@])@${handle}(?!\\w)`, 'i').test(text)

/**
 * The reply rule of self-serve access since 2026-02-23: only under a post whose author @mentioned the replying account in it;
 * under one's own posts always.
 */
export const mayReply = (replying: Account, original: Post): boolean =>
  original.author.id === replying.id || mentionsHandle(original.text, replying.handle)

/** How long a text may not be repeated; X has never told, "a few hours" was once said. */
const duplicateWindowMs = 24 * 3600 * 1000

/** Whether the account has posted exactly this text lately. */
export function isDuplicate(network: Network, author: Account, text: string): boolean {
  const since = new Date(Date.now() - duplicateWindowMs).toISOString()
  for (const post of network.posts.values())
    if (post.author.id === author.id && post.text === text && post.at >= since) return true
  return false
}
