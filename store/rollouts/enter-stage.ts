import type { RolloutNumbers } from '../../domain/learning/numbers.ts'
import { type RolloutKey, type RolloutStage, rolloutStages } from '../../domain/rollout/rollout.ts'
import { withCanary, withShadow } from '../../domain/rollout/serving-changes.ts'
import type { ServingSet } from '../../domain/serving-set.ts'
import { ModelNotReady, ServiceUnavailable } from '../../domain/errors.ts'
import type { Db, Trx } from '../db.ts'
import { lockServingSet, replaceServingSet } from '../versions/serving-sets.ts'
import { versionsOf } from '../versions/versions.ts'
import {
  insertRollout,
  moveRollout,
  openRolloutOf,
  type RolloutEnding,
  rolloutOf,
  type StoredRollout,
} from './rollouts.ts'
import { takeOut } from './rollbacks/roll-back.ts'
import { assertWarm } from './warm-versions.ts'

const rank = ({ stage, step }: { readonly stage: RolloutStage; readonly step: number }) =>
  rolloutStages.indexOf(stage) * 100 + (stage === 'canary' ? step : 0)

/**
 * An older candidate of the slot makes way; one that is live and still watched is waited for.
 * @returns how this one ends at once when a newer one is on its way.
 */
async function makeWay(
  trx: Trx,
  { bot, slot, version }: RolloutKey & { readonly slot: string },
): Promise<RolloutEnding | undefined> {
  const other = await openRolloutOf(trx, bot, slot)
  if (other === undefined) return undefined
  if (other.version > version) return { end: 'withdrawn', reason: `v${other.version} is newer and on its way` }
  if (other.stage === 'bake')
    throw new ServiceUnavailable(`the slot ${slot} of ${bot}`, `v${other.version} went live and is still watched`)
  await takeOut(trx, other, { end: 'withdrawn', why: `v${version} is newer and took its place`, actor: 'rollout' })
  return undefined
}

/** @throws ModelNotReady when the version is not registered, or there is nothing to compare it with. */
async function subjectOf(
  trx: Trx,
  set: ServingSet,
  { bot, version }: RolloutKey,
): Promise<{ readonly slot: string; readonly champion: number }> {
  const registered = (await versionsOf(trx, bot)).find((each) => each.version === version)
  if (registered === undefined) throw new ModelNotReady(`${bot} v${version} is not registered`)
  const { slot } = registered
  const live = set.members.filter(({ stage }) => stage === 'live')
  // Of several live versions of a slot the newest is the one to beat.
  const champion = live.findLast((member) => member.slot === slot) ?? live[0]
  if (champion === undefined) throw new ModelNotReady(`${bot} has no live version to compare with`)
  return { slot, champion: champion.version }
}

/** What a bot.yaml says of rollouts. */
interface Plan {
  readonly mode: 'replace' | 'join'
  readonly numbers: RolloutNumbers
}

/**
 * The row of a version's rollout, made when there is none. Its champion is the live version of its slot, else the first live
 * one. A second call changes nothing.
 * @throws ModelNotReady when the version is not registered. ServiceUnavailable while the slot's champion is still watched.
 */
export async function openRollout(db: Db, { bot, version, ...plan }: RolloutKey & Plan): Promise<StoredRollout> {
  return db.transaction().execute(async (trx) => {
    const set = await lockServingSet(trx, bot)
    const known = await rolloutOf(trx, { bot, version })
    if (known !== undefined) return known
    const subject = await subjectOf(trx, set, { bot, version })
    const ending = await makeWay(trx, { bot, version, slot: subject.slot })
    await insertRollout(trx, { bot, version, ...subject, ...plan }, ending)
    return (await rolloutOf(trx, { bot, version })) ?? Promise.reject(new Error('an inserted rollout is not there'))
  })
}

/** Keeps that a rollout without a row is never to begin, whoever asks for it later. One that has begun stays as it is. */
export async function refuseUnopened(
  db: Db,
  { bot, version, mode, numbers, ...ending }: RolloutKey & Plan & RolloutEnding,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const set = await lockServingSet(trx, bot)
    if ((await rolloutOf(trx, { bot, version })) !== undefined) return
    await insertRollout(trx, { bot, version, ...(await subjectOf(trx, set, { bot, version })), mode, numbers }, ending)
  })
}

/** The serving set of a stage; in approval and replay it stays as it is. */
async function setFor(
  trx: Trx,
  { rollout, set, stage, step }: { rollout: StoredRollout; set: ServingSet; stage: RolloutStage; step: number },
): Promise<ServingSet> {
  const { bot, version, slot } = rollout
  if (stage === 'shadow') return withShadow(set, { slot, version })
  const weight = rollout.numbers.canary[step]?.weight
  if (stage !== 'canary' || weight === undefined) return set
  await assertWarm(trx, { bot, version })
  return withCanary(set, { slot, version, weight })
}

/**
 * Moves a rollout on, and with it its version in the serving set, in one transaction. A rollout only goes forward: a repeated
 * or late call, and one after its end, changes nothing.
 * @throws ModelNotReady when the version would answer people and no inference worker holds it warm.
 */
export async function enterStage(
  db: Db,
  { bot, version, stage, step }: RolloutKey & { readonly stage: RolloutStage; readonly step: number },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const set = await lockServingSet(trx, bot)
    const rollout = await rolloutOf(trx, { bot, version }, { lock: true })
    if (rollout === undefined || rollout.end !== undefined || rank(rollout) >= rank({ stage, step })) return
    // Only a decision makes a version live.
    if (stage === 'bake') return
    const next = await setFor(trx, { rollout, set, stage, step })
    if (next !== set) await replaceServingSet(trx, { bot, set: next, actor: 'rollout' })
    await moveRollout(trx, { bot, version, stage, step })
  })
}
