import type { LabelWords } from '../../operator/answers.ts'
import { labelWords } from '../../words.ts'

/** What people read for each id. */
export const wordsOf = (ids: readonly string[], labels: readonly LabelWords[]): readonly string[] =>
  ids.map((id) => labelWords(labels, id))
