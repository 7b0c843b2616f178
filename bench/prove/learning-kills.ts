import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import { sql } from 'kysely'
import { seededRandom, shuffled } from '../../domain/model/seeded-random.ts'
import { firstBrokenAuditRow } from '../../store/audit.ts'
import { retrainsOf } from '../../store/learning/retrains/retrains.ts'
import { ensureReviewer } from '../../store/people/people.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { versionsOf } from '../../store/versions/versions.ts'
import { botsFolderOf } from '../../test/support/bots-folder.ts'
import { atOnce, type Candidates, candidatesOf, reviews } from '../../test/support/learning/candidates.ts'
import { eventually } from '../../test/support/platforms/platform.ts'
import { connectClient } from '../../test/support/namespaces.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { openStories } from '../../infra/temporal/stories.ts'
import { killAt, type KillPoint, promotionPoints, retrainPoints, rollbackPoints } from '../shared/kill-flows.ts'
import { type SeededRun, seededProof } from '../shared/seeded-proof.ts'

const bot = 'team-router'
const approver = 'U0DMITRI'
const reviewer = 'U0ADA'
const patienceMs = 300_000

interface Scene {
  readonly client: Client
  readonly stack: Stack
  readonly candidates: Candidates
}

/** What one round was for, and what is wrong after it; nothing when all is right. */
interface Round {
  readonly points: readonly string[]
  readonly faults: readonly string[]
}

/** Labels with a word of their name. */
const labels = [
  ['scheduler', 'Scheduler'],
  ['infra', 'infrastructure'],
  ['docs', 'documentation'],
] as const

/** A label that an answer, which may name two when it is unsure, does not name. */
const labelNotIn = (text: string): string => labels.find(([, word]) => !text.includes(word))?.[0] ?? 'docs'

/** A reviewer corrects an answer. */
async function correct({ stack, candidates: { people } }: Scene): Promise<void> {
  const channel = 'C0GENERAL'
  const asked = await people.says('U0BEN', `@bot which team owns the ${randomUUID().slice(0, 8)} report?`, { channel })
  const answer = await people.waits(channel, (seen) => seen.bot === bot && seen.threadTs === asked, {
    timeoutMs: 60_000,
  })
  const before = await acceptedCorrections(stack)
  await people.chooses(reviewer, labelNotIn(answer.text), answer)
  await eventually(async () => ((await acceptedCorrections(stack)) > before ? true : undefined), {
    timeoutMs: 60_000,
    what: 'an accepted correction',
  })
}

async function acceptedCorrections({ db }: Stack): Promise<number> {
  const { rows } = await sql<{
    count: number
  }>`select count(*)::int as count from corrections where state = 'accepted'`.execute(db)
  return rows[0]?.count ?? 0
}

const latestRetrain = async ({ db }: Stack) =>
  (await retrainsOf(db, bot)).toSorted((one, other) => other.number - one.number)[0]

/** Runs until the next retrain has ended. @returns the version that came of it. */
async function learned({ stack }: Scene, before: number): Promise<number> {
  const retrain = await eventually(
    async () => {
      const latest = await latestRetrain(stack)
      return latest !== undefined && latest.number > before && latest.state !== 'running' ? latest : undefined
    },
    { timeoutMs: patienceMs, what: 'the end of a retrain' },
  )
  const made = (await versionsOf(stack.db, bot)).filter(({ lineage }) => lineage?.retrain === retrain.number)
  const [version] = made
  if (retrain.state !== 'succeeded' || made.length !== 1 || version === undefined)
    throw new Error(
      `retrain ${retrain.number} ended ${retrain.state} with ${made.length} versions: ${retrain.outcome ?? ''}`,
    )
  return version.version
}

/** What should be true of a version when its rollout is over. */
async function faultsOf({ stack: { db }, candidates }: Scene, version: number, promoted: boolean): Promise<string[]> {
  const faults: string[] = []
  const expect = (right: boolean, what: string) => {
    if (!right) faults.push(`v${version}: ${what}`)
  }
  const ended = await candidates.rollout(version)
  expect(ended?.end === (promoted ? 'promoted' : 'rejected'), `it ended ${ended?.end ?? 'not at all'}`)
  const live = ((await servingSetOf(db, bot))?.members ?? []).filter(({ stage }) => stage === 'live')
  expect(live.length === 1, `${live.length} versions are live`)
  expect((live[0]?.version === version) === promoted, `v${live[0]?.version ?? 0} is live`)
  const audited = async (action: string, subject: string) => {
    const rows = await db
      .selectFrom('audit')
      .select('details')
      .where('action', '=', action)
      .where('subject', '=', subject)
      .execute()
    return rows.filter(({ details }) => subject !== bot || (details as { version?: number }).version === version).length
  }
  expect((await audited('version.promoted', `${bot}:${version}`)) === (promoted ? 1 : 0), 'audit rows of its promotion')
  expect((await audited('rollout.rolled-back', bot)) === (promoted ? 0 : 1), 'audit rows of its rollback')
  expect((await audited('version.registered', bot)) === 1, 'audit rows of its registration')
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from decisions
    where bot = ${bot} and version = ${version} and state = 'applied'`.execute(db)
  expect(rows[0]?.count === 1, `${rows[0]?.count ?? 0} decisions hold`)
  expect((await firstBrokenAuditRow(db)) === undefined, 'the audit chain is broken')
  return faults
}

/** So much of a post tells which news it is; behind it somebody may be mentioned. */
const startLength = 40

/** What people have to hear of every version, whatever was killed. */
const newsOf = (version: number, promoted: boolean): readonly string[] => [
  `card:${bot}:${version}`,
  ...['shadow', 'canary:0', promoted ? 'live' : 'ended'].map((news) => `news:${bot}:${version}:${news}`),
]

/** One visible post per news of a version: all that people have to hear, and whatever the records say was posted, is there once. */
async function newsFaults({ stack: { db }, candidates }: Scene, version: number, promoted: boolean): Promise<string[]> {
  const { rows } = await sql<{ key: string; text: string }>`
    select key, text from replies
    where key like ${`news:${bot}:${version}:%`} or key = ${`card:${bot}:${version}`}`.execute(db)
  const posts = (await candidates.people.sees(reviews)).filter((seen) => seen.bot === bot)
  const missing = newsOf(version, promoted).filter((key) => !rows.some((row) => row.key === key))
  const unsaid = missing.map((key) => `${key} was never said`)
  const miscounted = rows.flatMap(({ key, text }) => {
    const start = key.startsWith('card:') ? `Version ${version} of ${bot}:` : text.slice(0, startLength)
    const found = posts.filter((seen) => seen.text.startsWith(start)).length
    return found === 1 ? [] : [`${key} is visible ${found} times`]
  })
  return [...unsaid, ...miscounted]
}

/** One correction, one retrain, one rollout and one decision, with a kill at each of these points. */
async function goRound(scene: Scene, points: readonly KillPoint[], promoted: boolean): Promise<Round> {
  const { stack, candidates, client } = scene
  const names = points.map(({ point }) => point)
  for (const name of ['learning', 'training'] as const) if (stack.runs(name)) await stack.stop(name)
  await correct(scene)
  const before = (await latestRetrain(stack))?.number ?? 0
  const request = { key: randomUUID(), reason: 'person' } as const
  await openStories(client).tellCoordinator({ bot, kind: 'request', request })
  const going = learned(scene, before).then(async (version) => {
    const decision = promoted ? 'promote' : 'reject'
    await candidates.decides(approver, version, { decision, reason: 'as the proof wants it', timeoutMs: patienceMs })
    await candidates.when(version, ({ end }) => end !== undefined, { what: 'the end', timeoutMs: patienceMs })
    return version
  })
  const [version, missed] = await Promise.all([going, killAt(stack, points, going)])
  const faults = [...missed.map((point) => `${point} was not reached`), ...(await faultsOf(scene, version, promoted))]
  const news = await eventually(
    async () => {
      const found = await newsFaults(scene, version, promoted)
      return found.length === 0 ? found : undefined
    },
    { timeoutMs: 60_000, what: 'the news' },
  ).catch(() => newsFaults(scene, version, promoted))
  return { points: names, faults: [...faults, ...news] }
}

const mostTries = 4
const isStoppedAtGates = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('the gates stopped')

/**
 * A gate takes an equal version for a worse one now and then, as its level says (decision 0009). That is a right end of a retrain, and
 * not what the round is for: it is gone through again.
 */
async function goUntilThrough(
  scene: Scene,
  { points, promoted }: Planned,
): Promise<Round & { readonly tries: number }> {
  for (let tries = 1; ; tries += 1) {
    const round = await goRound(scene, points, promoted).catch((error: unknown): Round | undefined =>
      isStoppedAtGates(error) && tries < mostTries
        ? undefined
        : { points: points.map(({ point }) => point), faults: [String(error)] },
    )
    if (round !== undefined) return { ...round, tries }
  }
}

interface Planned {
  readonly points: readonly KillPoint[]
  readonly promoted: boolean
}

/** Rounds that together go through every point; every fourth one ends in a rollback. */
function planOf(times: number, seed: number): readonly Planned[] {
  const random = seededRandom(seed)
  const [retrains, promotions] = [shuffled(retrainPoints, random), shuffled(promotionPoints, random)]
  const nth = (list: readonly KillPoint[], at: number) => list.slice(at % list.length, (at % list.length) + 1)
  return Array.from({ length: times }, (_, index) => {
    const rollbacks = Math.floor((index + 1) / 4)
    const promoted = index % 4 !== 3
    const own = promoted ? nth(promotions, index - rollbacks) : nth(rollbackPoints, rollbacks)
    return { promoted, points: [...nth(retrains, index), ...own] }
  })
}

const quick: ReadonlySet<string> = new Set(['the trainer child', 'rollout.canary.looked'])
/** What `npm test` runs: kills that are noticed soon, so that nobody waits for a long time limit. */
const short: readonly Planned[] = [
  { promoted: true, points: [...retrainPoints, ...promotionPoints].filter(({ point }) => quick.has(point)) },
]

/**
 * Workers and trainers are killed at the steps of retrains, promotions and rollbacks: each ends as it should, with one live
 * version, one decision, and one post per news.
 */
export async function proveLearningKills({ times, seed, say }: SeededRun) {
  const change = {
    rollout: atOnce,
    // Only who asks starts one.
    learning: { accepted: 1_000 },
    askShare: 0,
    questionsPerDay: 0,
  }
  const botsFolder = await botsFolderOf({ [bot]: { like: bot, change } })
  const services = ['slack simulator', 'api', 'relay', 'conversations', 'inference', 'learning', 'training'] as const
  const stack = await startStack({
    bots: [bot],
    botsFolder,
    services,
    env: { DEMO_APPROVER: approver, LOG_LEVEL: 'warn' },
  })
  const client = await connectClient(stack.temporal)
  try {
    await ensureReviewer(stack.db, { channel: 'slack', workspace: 'T0SIM', platformUserId: reviewer })
    const scene = { stack, client, candidates: candidatesOf(stack, bot) }
    const rounds: (Round & { readonly tries: number })[] = []
    for (const planned of times === 1 ? short : planOf(times, seed)) {
      const round = await goUntilThrough(scene, planned)
      rounds.push(round)
      say(`${round.points.join(', ')}: ${round.faults.length === 0 ? 'right' : round.faults.join('; ')}`)
    }
    const failed = client.workflow.list({ query: 'ExecutionStatus = "Failed"' })
    const failedWorkflows: string[] = []
    for await (const { workflowId } of failed) failedWorkflows.push(workflowId)
    const faults = rounds.flatMap((round) => round.faults)
    return {
      proof: 'learning-kills' as const,
      times,
      kills: rounds.flatMap(({ points }) => points).length,
      points: [...new Set(rounds.flatMap(({ points }) => points))].length,
      /** Equal versions that a gate took for worse ones by chance. */
      stoppedAtGates: rounds.reduce((all, { tries }) => all + tries - 1, 0),
      failedWorkflows,
      faults,
      seed,
      ok: faults.length === 0 && failedWorkflows.length === 0,
    }
  } finally {
    await client.connection.close()
    await stack.close()
  }
}

export const main = (): Promise<void> => seededProof({ times: 20, seed: 1 }, proveLearningKills)
