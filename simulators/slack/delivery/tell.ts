import type { Delivery, Parcel } from '../../wire/courier.ts'
import type { SlackApp } from '../apps.ts'
import type { SlackRecord } from '../state/records.ts'
import { findMessage } from '../state/workspace.ts'
import type { Message } from '../state/workspace.ts'
import { isRevoked } from '../world.ts'
import type { World } from '../world.ts'
import { parcelOfChange, parcelOfDeletion, parcelOfOwnPost } from './events.ts'

/** Events on their way, which nobody has to wait for. */
interface Telling {
  readonly told: Promise<readonly Delivery[]>
}

/** The apps that hear of a message: those whose bots are in the channel, unless only one person sees it. */
export function hearersOf(world: World, { channel, viewer }: Message): readonly SlackApp[] {
  if (viewer !== undefined) return []
  const members = world.workspace.conversations.get(channel)?.members
  return world.apps.filter(({ bot }) => members?.has(bot) && !isRevoked(world, bot))
}

/** Sends every hearer its event. @returns resolves, in `told`, when the first attempts are over. */
const tell = (world: World, message: Message, parcelFor: (app: SlackApp) => Parcel): Telling => ({
  told: Promise.all(hearersOf(world, message).map((app) => world.courier.deliver(parcelFor(app)))),
})

type Posting = Extract<SlackRecord, { readonly id: string; readonly channel: string }>

/**
 * Writes what a bot posted, and tells everybody in the channel: the author's own app too, which has to ignore it.
 * @returns the message; none when the simulator was reset meanwhile.
 */
export async function publish(world: World, record: Posting): Promise<Message | undefined> {
  await world.ledger.record(record)
  const message = findMessage(world.workspace, record.id, record.channel)
  if (message) tell(world, message, (app) => parcelOfOwnPost(message, app, world.apps))
  return message
}

/** Writes an edit and tells everybody in the channel. @returns the events on their way. */
export async function change(world: World, message: Message, record: SlackRecord): Promise<Telling> {
  const before = { ...message }
  await world.ledger.record(record)
  return tell(world, message, (app) => parcelOfChange(message, app, { apps: world.apps, before }))
}

/** Writes a deletion and tells everybody in the channel. @returns the events on their way. */
export async function remove(world: World, message: Message, record: SlackRecord): Promise<Telling> {
  await world.ledger.record(record)
  return tell(world, message, (app) => parcelOfDeletion(message, app, world.apps))
}
