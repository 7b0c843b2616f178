import { setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow'
import type { Choice } from '../../domain/rendezvous/score.ts'
import type { PlacedChoice } from '../../domain/words/reply-text.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { type MessageStatus, modelVersion, outcomeAttribute, statusQuery } from '../messages.ts'

/** What an operator reads in the Temporal UI while a message is on its way. Ids, labels and numbers only. */
export interface StatusPage {
  readonly is: (status: MessageStatus, note?: string) => void
  readonly chose: (choices: readonly PlacedChoice[]) => void
  readonly ended: (outcome: Outcome, note?: string) => void
}

const percent = (confidence: number) => `${Math.round(confidence * 100)} %`

/** The scores as a list, which the Temporal UI shows better than a table. */
const candidatesList = (choice: Choice) =>
  choice.candidates
    .map(({ slot, version, known, label, confidence, arrivedMs, used }) => {
      const said = known ? `${label}, ${percent(confidence)}` : 'not known'
      return `- ${slot} v${version}: ${said}, after ${arrivedMs} ms${used ? ' (the answer)' : ''}`
    })
    .join('\n')

/** Opens the page, and answers `statusQuery` from it. */
export function openStatusPage(): StatusPage {
  let current: MessageStatus = 'preparing'
  let chosen: readonly PlacedChoice[] = []
  const show = (note: string | undefined) =>
    setCurrentDetails(
      [`**${current}**`, note, ...chosen.flatMap(({ choice }) => [choice.reason, candidatesList(choice)])]
        .filter(Boolean)
        .join('\n\n'),
    )
  setHandler(statusQuery, () => current, { description: 'Where this message stands' })
  show(undefined)
  return {
    is: (status, note) => {
      current = status
      show(note)
    },
    chose: (choices) => {
      chosen = choices
      show(undefined)
    },
    ended: (outcome, note) => {
      current = outcome
      show(note)
      upsertSearchAttributes([
        { key: outcomeAttribute, value: outcome },
        ...chosen.slice(0, 1).map(({ choice }) => modelVersion(choice.version)),
      ])
    },
  }
}
