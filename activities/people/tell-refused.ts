import { type Decision, refusedLately } from '../../store/approvals/decisions.ts'
import { refusalText } from '../../store/approvals/refusals.ts'
import { postOnce } from '../post-once.ts'
import type { RolloutRef } from '../rollout-contract.ts'
import type { PeopleDeps } from './place.ts'

/** Tells a person that their decision was refused, and why, where they have clicked; once. */
export async function tellRefusal(
  deps: PeopleDeps,
  { id, bot, address, refusal = '' }: Pick<Decision, 'id' | 'bot' | 'address' | 'refusal'>,
): Promise<void> {
  if (address?.kind.startsWith('slack-') !== true) return
  await postOnce(deps, {
    key: `refused:${id}`,
    messageId: undefined,
    kind: 'receipt',
    text: refusalText(refusal),
    address,
    channel: deps.channelOf(bot, 'slack'),
  })
}

/** Tells everybody whose decision on a rollout was refused after all: of two approvers at once, one is told so. */
export async function tellRefused(deps: PeopleDeps, rollout: RolloutRef): Promise<void> {
  for (const decision of await refusedLately(deps.db, rollout)) await tellRefusal(deps, decision)
}
