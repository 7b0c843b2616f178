import { failedRetrainPostPrefix, rollbackPostPrefix } from '../../domain/keys.ts'
import { personMark } from '../../domain/words/match-text.ts'
import { type UntoldRetrain, untoldRetrains } from '../../store/learning/retrains/retrains.ts'
import { type UntoldRollback, untoldRollbacks } from '../../store/rollouts/rollbacks/untold-rollbacks.ts'
import { postOnce } from '../post-once.ts'
import { peopleChannelOf, type PeopleDeps, placeOf } from './place.ts'
import { redrawCard } from './show-card.ts'

const mostAtOnce = 20

async function tellRollback(deps: PeopleDeps, { seq, bot, from, to, slackUser }: UntoldRollback): Promise<void> {
  const place = placeOf(deps, bot)
  if (place === undefined) return
  // The post is what marks it as told, so the card comes before it.
  await redrawCard(deps, { bot, version: from })
  await postOnce(deps, {
    key: `${rollbackPostPrefix}${seq}`,
    messageId: undefined,
    kind: 'news',
    text: `Version ${from} of ${bot} was taken back by ${slackUser === undefined ? 'a person' : personMark}. Version ${to} is answering.`,
    address: place.address,
    ...(slackUser !== undefined && { person: slackUser }),
    channel: place.channel,
  })
}

async function tellRetrain(deps: PeopleDeps, { bot, number, outcome }: UntoldRetrain): Promise<void> {
  const place = placeOf(deps, bot)
  if (place === undefined) return
  await postOnce(deps, {
    key: `${failedRetrainPostPrefix}${bot}:${number}`,
    messageId: undefined,
    kind: 'news',
    text: `Retrain ${number} of ${bot} made no new version: ${outcome}. What answers now stays as it is. ${deps.pageAt('/corrections')}`,
    address: place.address,
    channel: place.channel,
  })
}

/**
 * Tells the people's channels of these bots, once each, what no workflow tells: live versions that a person took back, in Slack, on
 * the page or on the command line, whose cards lose their buttons; and retrains that made no version, however they ended. Both
 * need nothing but the database to happen, so this comes after them.
 */
export async function tellUntold(deps: PeopleDeps, bots: readonly string[]): Promise<void> {
  const asked = { bots: bots.filter((bot) => peopleChannelOf(deps.botOf(bot)) !== undefined), limit: mostAtOnce }
  const rollbacks = await untoldRollbacks(deps.db, asked)
  const retrains = await untoldRetrains(deps.db, asked)
  // A channel that no longer exists does not keep the others from being told.
  const told = await Promise.allSettled([
    ...rollbacks.map((rollback) => tellRollback(deps, rollback)),
    ...retrains.map((retrain) => tellRetrain(deps, retrain)),
  ])
  const failed = told.find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
}
