import { count, percent } from '../../words.ts'

/** A share of the recorded requests; of none there is no share. */
export const shareWords = (share: number, requests: number, words: (percent: string) => string): string =>
  requests === 0 ? 'nothing was recorded then' : words(percent(share))

/** What was recorded in the same time and is not played, with the reason; nothing when all is. */
export function leftOutWords(older: number, otherPreprocessing: number): string | undefined {
  const why = [
    older > 0 ? `${count(older)} older ones, because the newest are played` : undefined,
    otherPreprocessing > 0 ? `${count(otherPreprocessing)} that were prepared by other rules` : undefined,
  ].filter((each) => each !== undefined)
  return why.length === 0 ? undefined : why.join('; ')
}

/** Said under a list that a report keeps only the first of; nothing when it keeps all. */
export const shownWords = (shown: number, all: number): string | undefined =>
  shown < all ? `The report keeps the newest ${count(shown)} of ${count(all)}.` : undefined
