import type { Bot } from '../../domain/bot.ts'
import type { Member } from '../../domain/serving-set.ts'
import type { Db } from '../../store/db.ts'
import type { StoredMessage } from '../../store/messages/messages.ts'
import { assignUnit, canaryShare, unitOf } from '../../store/rollouts/assignments.ts'
import { recordInputs } from '../../store/rollouts/replays/recordings.ts'
import type { PreparedInput } from '../contract.ts'

/**
 * What people ask a bot is its traffic. Load tests are none, nor portraits of people who want to be matched, nor pictures that
 * were only scored so that a correction has something to correct.
 */
const isTraffic = ({ message: { synthetic, intent = 'ask' } }: StoredMessage): boolean =>
  synthetic !== true && (intent === 'ask' || intent === 'ask-all')

/**
 * The decoy: keeps what the models of a bot see, as it is, for replays and for the guards of rollouts.
 * @returns the author as a hash that belongs to this bot alone.
 */
export async function recordDecoy(
  db: Db,
  stored: StoredMessage,
  { bot, inputs }: { readonly bot: Bot; readonly inputs: readonly PreparedInput[] },
): Promise<string> {
  const unit = unitOf(bot.name, stored.personId)
  const { preprocessingVersion } = bot.input
  const { channel } = stored.message
  const decoy = { messageId: stored.id, bot: bot.name, channel, unit, preprocessingVersion, inputs }
  if (isTraffic(stored)) await recordInputs(db, decoy)
  return unit
}

/** Where the conversation falls for each canary; its arm is kept, once per person and step. */
export async function canaryShares(
  db: Db,
  stored: StoredMessage,
  { members, unit }: { readonly members: readonly Member[]; readonly unit: string },
): Promise<{ readonly canaryShares?: Readonly<Record<number, number>> }> {
  const { bot } = stored.message
  const versions = members.filter(({ stage }) => stage === 'canary').map(({ version }) => version)
  if (versions.length === 0) return {}
  if (isTraffic(stored)) await assignUnit(db, { bot, unit, versions })
  return {
    canaryShares: Object.fromEntries(versions.map((version) => [version, canaryShare(bot, version, unit)] as const)),
  }
}
