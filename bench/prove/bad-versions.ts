import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { sql } from 'kysely'
import { lookAt } from '../../store/rollouts/look.ts'
import { trippedGuard } from '../../domain/rollout/guards.ts'
import type { RolloutEnd } from '../../domain/rollout/rollout.ts'
import { type Random, seededRandom, shuffled } from '../../domain/model/seeded-random.ts'
import { personOf } from '../../store/messages/messages.ts'
import { ensureReviewer } from '../../store/people/people.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { botsFolderOf } from '../../test/support/bots-folder.ts'
import { type Candidates, candidatesOf, evidenceAskedIn, reviews } from '../../test/support/learning/candidates.ts'
import { askAlong, labelOpen, openQuestions, type Questions } from '../../test/support/learning/question-traffic.ts'
import { connectClient } from '../../test/support/namespaces.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { deliverClick } from '../../test/whole-way/signed-click.ts'
import { badTextVersion, type Fault, faults } from '../shared/bad-text-version.ts'
import { type SeededRun, seededProof } from '../shared/seeded-proof.ts'

const like = 'team-router'
/** Names that differ in their first letters, of which the ids of their apps are made. */
const names = ['one-router', 'two-router', 'six-router'] as const
const approver = 'U0DMITRI'
const reviewer = { channel: 'slack', workspace: 'T0SIM', platformUserId: 'U0ADA' } as const
/** The bot's own guards and evidence; fewer requests per stage, so that a rollout takes seconds. */
const rollout = {
  replayRequests: 20,
  shadowRequests: 12,
  canary: [{ weight: 0.5, requests: 12 }],
  maxWait: '10m',
  approvalWithin: '10m',
  bakeRequests: 5,
  bake: '1m',
}
const askEveryMs = 500
const lookEveryMs = 500
/** A version that is still on its way by then has not been stopped. */
const longestMs = 150_000
/** Until when a rollback has to be there, from the first window that is bad. */
const limitSeconds = 30

interface Planned {
  readonly bot: string
  readonly fault: Fault
  /** Whether a recording is there to be replayed; else only traffic can tell. */
  readonly recorded: boolean
  readonly label: number
}

interface Seen {
  readonly planned: Planned
  readonly end: RolloutEnd | undefined
  readonly reason: string | undefined
  readonly override: boolean
  /** From the first bad window to the end, where a window was bad. */
  readonly seconds: number | undefined
  readonly isLive: boolean
}

/** Every fault as often as the others, in an order that the seed tells. */
function planOf({ times, seed }: SeededRun, bots: readonly string[]): readonly Planned[] {
  const random = seededRandom(seed)
  const all = Array.from({ length: times }, (_, index) => faults[index % faults.length] ?? 'NaN')
  return shuffled(all, random).map((fault, index) => ({
    fault,
    bot: bots[index % bots.length] ?? like,
    recorded: random() < 0.5,
    label: Math.floor(random() * 8),
  }))
}

/** Bots that are as team-router is, with its first version. */
async function copyBots({ db }: Stack, bots: readonly string[]): Promise<void> {
  for (const bot of bots) {
    await sql`
      insert into versions (bot, version, slot, family, parent, dataset_root, weights_sha256, files, labels, preprocessing_version, calibrated)
      select ${bot}, version, slot, family, parent, dataset_root, weights_sha256, files, labels, preprocessing_version, calibrated
      from versions where bot = ${like}`.execute(db)
    await sql`insert into serving_sets (bot, policy, members)
              select ${bot}, policy, members from serving_sets where bot = ${like}`.execute(db)
  }
}

interface Scene {
  readonly stack: Stack
  readonly client: Client
  readonly questions: Questions
  readonly personId: string
}

/** The approver wants it on stage whatever the card says: whenever there is a card, Promote. */
async function pressPromote(stack: Stack, candidates: Candidates, planned: Planned, version: number): Promise<void> {
  const card = await candidates.card(version)
  const evidence = card && evidenceAskedIn(card, version)
  if (card === undefined || evidence === undefined) return
  const click = { user: approver, channel: reviews, ts: card.ts, blockId: `decide:${version}:${evidence}` }
  await deliverClick(stack, planned.bot, { ...click, actionId: 'decide.promote', value: 'promote' })
}

/** Whether what the guards look at is bad now. */
async function isBad({ stack: { db } }: Scene, candidates: Candidates, version: number): Promise<boolean> {
  const found = await candidates.rollout(version)
  if (found === undefined || found.end !== undefined) return false
  const { lights, judgement } = await lookAt(db, found)
  return trippedGuard(lights) !== undefined || judgement.verdict === 'fail'
}

/** Watches one rollout to its end as people would who want it to go well. */
async function watch(scene: Scene, candidates: Candidates, planned: Planned, version: number): Promise<Seen> {
  const { stack, questions, personId } = scene
  const until = Date.now() + longestMs
  let firstBad: number | undefined
  let ended = await candidates.rollout(version)
  while (ended?.end === undefined && Date.now() < until) {
    await sleep(lookEveryMs)
    if (firstBad === undefined && (await isBad(scene, candidates, version))) firstBad = Date.now()
    await labelOpen(stack.db, { bot: planned.bot, personId, questions })
    await pressPromote(stack, candidates, planned, version)
    ended = await candidates.rollout(version)
  }
  const set = await servingSetOf(stack.db, planned.bot)
  const { rows } = await sql`select 1 from decisions where bot = ${planned.bot} and version = ${version}
                             and state = 'applied' and decision = 'promote' and override`.execute(stack.db)
  const at = ended?.endedAt?.getTime()
  return {
    planned,
    end: ended?.end,
    reason: ended?.reason,
    override: rows.length > 0,
    seconds: firstBad === undefined || at === undefined ? undefined : Math.max(0, at - firstBad) / 1000,
    isLive: (set?.members ?? []).some((member) => member.version === version && member.stage === 'live'),
  }
}

async function rollOut(scene: Scene, planned: Planned): Promise<Seen> {
  const { stack, client } = scene
  const candidates = candidatesOf(stack, planned.bot)
  if (!planned.recorded)
    await sql`update recordings set expires_at = now() where bot = ${planned.bot}`.execute(stack.db)
  const files = await candidates.filesOf(await candidates.first())
  const version = await candidates.register(badTextVersion(files, planned.fault, planned.label))
  await candidates.start(client, version)
  return watch(scene, candidates, planned, version)
}

/** One bot's versions, one after the other, while people go on asking. */
async function goThrough(scene: Scene, plan: readonly Planned[], say: SeededRun['say']): Promise<readonly Seen[]> {
  const [first] = plan
  if (first === undefined) return []
  const stopping = new AbortController()
  let about: string | undefined
  const { people } = candidatesOf(scene.stack, first.bot)
  const asking = askAlong(people, scene.questions, {
    everyMs: askEveryMs,
    about: () => about,
    signal: stopping.signal,
  })
  const all: Seen[] = []
  const { labels } = await candidatesOf(scene.stack, first.bot).first()
  for (const planned of plan) {
    about = planned.fault === 'class dropped' ? labels[planned.label] : undefined
    const seen = await rollOut(scene, planned)
    all.push(seen)
    const late = seen.seconds === undefined ? '' : `, ${seen.seconds.toFixed(1)} s after the first bad window`
    say(
      `${planned.bot}: ${planned.fault}${planned.recorded ? '' : ' (no recording)'}: ${seen.end ?? 'not stopped'}${late}: ${seen.reason ?? ''}`,
    )
  }
  stopping.abort()
  await asking
  return all
}

/** What the proof found. */
function resultOf(run: SeededRun, all: readonly Seen[]) {
  const stopped = (end: RolloutEnd) => all.filter((seen) => seen.end === end).length
  const promoted = all.filter((seen) => !seen.override && (seen.isLive || seen.end === 'promoted')).length
  const rollbackSecondsMax = Math.max(0, ...all.map(({ seconds = 0 }) => seconds))
  const counts = {
    promoted,
    promotedWithOverride: all.filter(({ override }) => override).length,
    rolledBack: stopped('rolled-back'),
    stoppedAtGates: stopped('failed-gates'),
    notStopped: all.filter(({ end }) => end === undefined).length,
  }
  const isEach = counts.rolledBack + counts.stoppedAtGates === run.times
  return {
    proof: 'bad-versions' as const,
    times: run.times,
    ...counts,
    rollbackSecondsMax: Math.round(rollbackSecondsMax * 10) / 10,
    seed: run.seed,
    ok: promoted === 0 && isEach && rollbackSecondsMax <= limitSeconds,
  }
}

/**
 * Bad versions, registered as if the gates had let them through, are rolled out against traffic while an approver clicks Promote
 * at every card: none goes live, and each is taken back within 30 s of the first window that is bad.
 */
export async function proveBadVersions(run: SeededRun) {
  const bots = names.slice(0, Math.ceil(run.times / faults.length))
  const change = { rollout, questionsPerDay: 0, askShare: 0 }
  const botsFolder = await botsFolderOf(Object.fromEntries(bots.map((name) => [name, { like, change }])))
  const services = ['slack simulator', 'api', 'relay', 'conversations', 'slow inference', 'learning'] as const
  const env = { DEMO_APPROVER: approver, LOG_LEVEL: 'warn' }
  const stack = await startStack({ bots, botsFolder, services: services.slice(0, 1), env })
  const client = await connectClient(stack.temporal)
  try {
    await copyBots(stack, bots)
    await Promise.all(services.slice(1).map((name) => stack.start(name)))
    await ensureReviewer(stack.db, reviewer)
    const random: Random = seededRandom(run.seed)
    const scene = {
      ...{ stack, client, questions: await openQuestions(random) },
      personId: await personOf(stack.db, reviewer),
    }
    const plan = planOf(run, bots)
    const ofBots = bots.map((bot) => plan.filter((planned) => planned.bot === bot))
    const all = await Promise.all(ofBots.map((own) => goThrough(scene, own, run.say)))
    return resultOf(run, all.flat())
  } finally {
    await client.connection.close()
    await stack.close()
  }
}

export const main = (): Promise<void> => seededProof({ times: 100, seed: 20_261_121 }, proveBadVersions)
