import type { ReplyAddress } from '../../domain/address.ts'
import { liveText } from '../../domain/words/correction-words.ts'
import { type Fixer, fixersOf, recordLive } from '../../store/corrections/live-notices.ts'
import { postOnce } from '../post-once.ts'
import type { RolloutRef } from '../rollout-contract.ts'
import type { PeopleDeps } from './place.ts'

/** An address for answers to a click or command is long used up, or too old. */
const withoutResponseUrl = (address: ReplyAddress): ReplyAddress =>
  Object.fromEntries(Object.entries(address).filter(([key]) => key !== 'responseUrl')) as unknown as ReplyAddress

/** Whether it was said. On X there is one reply per interaction, and over HTTP the page says it (docs/rules.md, rule 3). */
async function tellFixer(deps: PeopleDeps, { bot, version }: RolloutRef, fixer: Fixer): Promise<boolean> {
  const { messageId, voteId, label, address } = fixer
  if (address === undefined || !('team' in address)) return false
  const posted = await postOnce(deps, {
    key: `live:${voteId}`,
    messageId,
    kind: 'notice',
    text: liveText(deps.botOf(bot), { label, version }),
    address: withoutResponseUrl(address),
    channel: deps.channelOf(bot, 'slack'),
  })
  return posted.kind === 'sent'
}

/** `tellFixers`: keeps which corrections are live for the first time, and tells the people behind them, once each. */
export const createTellFixers =
  (deps: PeopleDeps) =>
  async ({ bot, version }: RolloutRef): Promise<number> => {
    await recordLive(deps.db, { bot, version })
    let told = 0
    const failures: unknown[] = []
    for (const fixer of await fixersOf(deps.db, { bot, version })) {
      // One who cannot be told now keeps nobody else waiting.
      const isTold = await tellFixer(deps, { bot, version }, fixer).catch((error: unknown) => {
        failures.push(error)
        return false
      })
      if (isTold) told += 1
    }
    if (failures.length > 0) throw failures[0]
    return told
  }
