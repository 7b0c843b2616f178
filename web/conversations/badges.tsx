import { Badge } from '@radix-ui/themes'
import type { MessageSummary, OutcomeName } from '../../api/contract/messages.ts'
import type { LabelWords } from '../../api/contract/values.ts'
import type { CorrectionState } from '../../domain/correction.ts'
import { outcomeBadges, outcomeMeanings, outcomeWords } from '../plots/outcome-words.ts'
import { labelWords, percent } from '../words.ts'
import { correctionBadges, correctionMeanings, correctionWords } from './correction-words.ts'

export const OutcomeBadge = ({ outcome }: { readonly outcome: OutcomeName }) => (
  <Badge color={outcomeBadges[outcome]} title={outcomeMeanings[outcome]}>
    {outcomeWords[outcome]}
  </Badge>
)

export const CorrectionBadge = ({ state }: { readonly state: CorrectionState }) => (
  <Badge color={correctionBadges[state]} variant="outline" title={correctionMeanings[state]}>
    {correctionWords[state]}
  </Badge>
)

/** What a bot made of a message, in a few words: "fedora 87 %", "not known". */
export function answerWords(answer: NonNullable<MessageSummary['answer']>, labels: readonly LabelWords[]): string {
  if (!answer.known) return 'not known'
  const words = `${labelWords(labels, answer.label)} ${percent(answer.confidence)}`
  return answer.unsure ? `${words}, unsure` : words
}
