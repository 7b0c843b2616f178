import { randomInt } from 'node:crypto'
import type { PeopleDeps } from '../../activities/people/deps.ts'
import type { Config } from '../../infra/config.ts'
import * as cards from '../../store/approvals/cards.ts'
import * as decisions from '../../store/approvals/decisions.ts'
import * as recording from '../../store/approvals/record-decision.ts'
import * as refusals from '../../store/approvals/refusals.ts'
import * as candidates from '../../store/blind/candidates.ts'
import * as blind from '../../store/blind/questions.ts'
import * as untoldRetrains from '../../store/learning/retrains/untold-retrains.ts'
import * as notices from '../../store/corrections/live-notices.ts'
import * as messages from '../../store/messages/messages.ts'
import * as questions from '../../store/corrections/questions.ts'
import * as replies from '../../store/messages/replies.ts'
import * as rollouts from '../../store/rollouts/rollouts.ts'
import * as untoldRollbacks from '../../store/rollouts/rollbacks/untold-rollbacks.ts'
import { killPoint } from './kill-point.ts'

/** The address of one of our pages: as platforms reach it, else this machine's own. */
const pageAt =
  ({ publicUrl, host, port }: Config) =>
  (path: string): string =>
    `${publicUrl?.replace(/\/+$/, '') ?? `http://${host}:${port}`}${path}`

/** What talking to people about rollouts stands on. */
export const peopleDeps = (
  config: Config,
  { db, botOf, channelOf }: Pick<PeopleDeps, 'db' | 'botOf' | 'channelOf'>,
): PeopleDeps => ({
  db,
  botOf,
  channelOf,
  replies,
  people: {
    ...cards,
    ...decisions,
    ...recording,
    ...refusals,
    ...candidates,
    ...blind,
    ...notices,
    ...messages,
    ...questions,
    ...rollouts,
    ...untoldRetrains,
    ...untoldRollbacks,
  },
  pageAt: pageAt(config),
  randomBelow: randomInt,
  at: killPoint(config.killAt),
  clock: () => performance.now(),
})
