import { count, percent } from '../words.ts'

/** A share of the recorded requests; of none there is no share. */
export const shareWords = (share: number, requests: number, words: (percent: string) => string): string =>
  requests === 0 ? 'nothing was recorded then' : words(percent(share))

/** Said under a list that a report keeps only the first of; nothing when it keeps all. */
export const shownWords = (shown: number, all: number): string | undefined =>
  shown < all ? `The report keeps the newest ${count(shown)} of ${count(all)}.` : undefined
