import { rollbackPostPrefix } from '../../domain/keys.ts'
import { personMark } from '../../domain/match-text.ts'
import type { UntoldRollback } from '../../store/rollouts/untold-rollbacks.ts'
import { postOnce } from '../post-once.ts'
import { type PeopleDeps, placeOf } from './deps.ts'
import { redrawCard } from './show-card.ts'

const mostAtOnce = 20

async function tell(deps: PeopleDeps, { seq, bot, from, to, slackUser }: UntoldRollback): Promise<void> {
  const place = placeOf(deps, bot)
  if (place === undefined) return
  await postOnce(deps, {
    key: `${rollbackPostPrefix}${seq}`,
    messageId: undefined,
    kind: 'news',
    text: `Version ${from} of ${bot} was taken back by ${slackUser === undefined ? 'a person' : personMark}. Version ${to} is answering.`,
    address: place.address,
    ...(slackUser !== undefined && { person: slackUser }),
    channel: place.channel,
  })
  await redrawCard(deps, { bot, version: from })
}

/**
 * Tells the people's channels of live versions that a person took back, in Slack, on the page or on the command line, and takes the
 * buttons from their cards; once each. The rollback itself needs nothing but the database, so this comes after it.
 */
export async function tellRollbacks(deps: PeopleDeps): Promise<void> {
  const untold = await deps.people.untoldRollbacks(deps.db, mostAtOnce)
  // One channel that is gone keeps no other from hearing.
  const told = await Promise.allSettled(untold.map((rollback) => tell(deps, rollback)))
  const failed = told.find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
}
