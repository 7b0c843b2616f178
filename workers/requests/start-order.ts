import type { Logger } from 'pino'
import type { PeopleDeps } from '../../activities/people/deps.ts'
import { redrawCard } from '../../activities/people/show-card.ts'
import type { RetrainRequest } from '../../activities/learning-contract.ts'
import type { InboundOrder } from '../../domain/inbound.ts'
import { whyRetrain } from '../../domain/learning/triggers.ts'
import { mayAct, type Role } from '../../domain/people.ts'
import { pinVersion, takeBack, versionToTakeBack } from '../../store/approvals/take-back.ts'
import { type ListedVersion, listedVersions } from '../../store/approvals/version-list.ts'
import { learningStatusOf } from '../../store/learning/learning-status.ts'
import { personOf, workspaceOf } from '../../store/messages/messages.ts'
import { actorOf } from '../../store/people/people.ts'
import { takenBackByAnother, takenBackText } from '../../store/rollouts/rollbacks/take-backs.ts'
import { idOfKey } from '../relay/event-id.ts'
import { tellClicker } from './tell-clicker.ts'

export interface OrderDeps {
  readonly people: PeopleDeps
  /** Hands a wish for a retrain to the bot's coordinator. */
  readonly askForRetrain: (bot: string, request: RetrainRequest) => Promise<void>
  readonly log: Pick<Logger, 'warn'>
}

const mostVersions = 15

function lineOf({ version, slot, stage, baseline, since, verdict, end }: ListedVersion): string {
  const place = stage ?? end ?? 'not serving'
  const day = since.toISOString().slice(0, 10)
  return `• v${version} (${slot}): ${place}${baseline ? ', baseline' : ''} since ${day}${verdict === null ? '' : `, evidence ${verdict.replace('_', ' ')}`}`
}

async function versionsText({ people }: OrderDeps, bot: string): Promise<string> {
  const versions = await listedVersions(people.db, bot, mostVersions)
  return versions.length === 0
    ? `${bot} has no version yet.`
    : [`Versions of ${bot}:`, ...versions.map(lineOf)].join('\n')
}

interface Asked {
  readonly eventId: number
  readonly order: InboundOrder
  readonly personId: string
}

async function rollBack({ people }: OrderDeps, { eventId, order, personId }: Asked): Promise<string> {
  const { bot } = order
  const version = order.version ?? (await versionToTakeBack(people.db, bot))
  const unnamed = order.version === undefined
  // After the look at what is live, so that whatever changed it before is seen here.
  const other = unnamed ? await takenBackByAnother(people.db, { bot, personId }) : undefined
  if (other !== undefined) return takenBackText(other)
  if (version === undefined) return 'There is nothing to take back.'
  if (unnamed) await pinVersion(people.db, eventId, version)
  const result = await takeBack(people.db, { bot, version, personId, unnamed, reason: order.reason ?? '' })
  if (result.kind === 'refused') return result.text
  await redrawCard(people, { bot, version })
  return `Version ${version} of ${bot} is taken back. Version ${result.to} is answering.`
}

/** Asks the coordinator, and says at once when there is nothing to learn: of a wish that is refused nobody hears later. */
async function train({ people, askForRetrain }: OrderDeps, { order, personId }: Asked): Promise<string> {
  const { bot, businessKey } = order
  const { learning } = people.botOf(bot)
  const status = await learningStatusOf(people.db, bot, learning)
  await askForRetrain(bot, { key: idOfKey(businessKey), reason: 'person', by: personId })
  if (status.running !== undefined)
    return `${bot} is learning already (retrain ${status.running}); after that it looks whether there is more.`
  const why = whyRetrain(status, 'person', { now: Date.now(), numbers: learning })
  return 'wait' in why
    ? `${bot} does not learn now: ${why.wait}.`
    : `${bot} learns now; what comes of it is on the page and in the people's channel.`
}

/** Does what was asked for. @returns what the person is told. */
async function carryOut(deps: OrderDeps, asked: Asked): Promise<string> {
  const { order } = asked
  switch (order.order) {
    case 'train':
      return train(deps, asked)
    case 'versions':
      return versionsText(deps, order.bot)
    case 'rollback':
      return rollBack(deps, asked)
  }
}

const needed: Readonly<Record<InboundOrder['order'], Role | undefined>> = {
  train: 'reviewer',
  versions: undefined,
  rollback: 'approver',
}

/**
 * A command to the bot itself, or the button under a card that takes a version back. People without the role are told so,
 * alone. What was said about it once is not done again.
 */
export async function startOrder(deps: OrderDeps, eventId: number, order: InboundOrder): Promise<void> {
  const { people, log } = deps
  const { bot, channel, address, authorId, businessKey } = order
  const personId = await personOf(people.db, { channel, workspace: workspaceOf(address), platformUserId: authorId })
  const role = needed[order.order]
  const allowed = role === undefined || mayAct(await actorOf(people.db, personId), bot, role)
  if (!allowed) log.warn({ bot, order: order.order }, 'an order of somebody without the role was refused')
  const text = allowed
    ? await carryOut(deps, { eventId, order, personId })
    : `Only ${role}s of ${bot} do that; ask one of them, or an admin for the role.`
  await tellClicker(people, { id: idOfKey(businessKey), bot, address, text })
}
