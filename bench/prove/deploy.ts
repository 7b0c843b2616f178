import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { Client, WorkflowHandle } from '@temporalio/client'
import { correctionWorkflowId, learnWorkflowId, retrainWorkflowId, rolloutWorkflowId } from '../../domain/keys.ts'
import { predictionId } from '../../domain/prediction.ts'
import { openStories } from '../../infra/temporal/stories.ts'
import { retrainsOf } from '../../store/learning/retrains/retrains.ts'
import { ensureReviewer } from '../../store/people/people.ts'
import { botsFolderOf } from '../../test/support/bots-folder.ts'
import { atOnce, type Candidates, candidatesOf } from '../../test/support/learning/candidates.ts'
import type { SeenPost } from '../../test/support/messages/people.ts'
import { connectClient } from '../../test/support/namespaces.ts'
import { eventually } from '../../test/support/platforms/platform.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { type Build, makeNextBuild, type Mode, replaceBuild, thisBuild } from '../shared/builds.ts'

const bot = 'team-router'
const channel = 'C0GENERAL'
const [reviewer, approver, voter, other] = ['U0ADA', 'U0DMITRI', 'U0BEN', 'U0CHLOE'] as const
const patienceMs = 120_000

interface Scene {
  readonly mode: Mode
  readonly stack: Stack
  readonly client: Client
  readonly candidates: Candidates
}

/** A question that somebody asked in Slack. */
interface Asked {
  readonly ts: string
  readonly workflowId: string
}

async function ask({ candidates: { people }, stack }: Scene): Promise<Asked> {
  const text = `@bot which team owns the ${randomUUID().slice(0, 8)} report?`
  const ts = await people.says(voter, text, { channel })
  const found = await eventually(
    () =>
      stack.db.selectFrom('messages').select('workflow_id').where('business_key', 'like', `%.${ts}`).executeTakeFirst(),
    { timeoutMs: patienceMs, what: 'the row of a question' },
  )
  return { ts, workflowId: found.workflow_id }
}

const answersTo = async ({ candidates: { people } }: Scene, { ts }: Asked): Promise<readonly SeenPost[]> =>
  (await people.sees(channel)).filter((seen) => seen.bot === bot && seen.threadTs === ts && !seen.ephemeral)

const answerTo = (scene: Scene, asked: Asked): Promise<SeenPost> =>
  eventually(async () => (await answersTo(scene, asked))[0], { timeoutMs: patienceMs, what: 'an answer' })

/** Labels with a word of their name. */
const labels = [
  ['scheduler', 'Scheduler'],
  ['infra', 'infrastructure'],
  ['docs', 'documentation'],
] as const

/** A label that an answer, which may name two when it is unsure, does not name. */
const labelNotIn = (text: string): string => labels.find(([, word]) => !text.includes(word))?.[0] ?? 'docs'

const correctionsIn = async ({ stack }: Scene, state: string): Promise<readonly string[]> => {
  const rows = await stack.db.selectFrom('corrections').select(['message_id', 'position', 'state']).execute()
  return rows.flatMap((row) =>
    row.state === state ? [predictionId({ messageId: row.message_id, position: row.position })] : [],
  )
}

/** Somebody corrects an answer. @returns what the others choose, too, and the workflow that counts. */
async function correct(scene: Scene, user: string, state: 'open' | 'accepted') {
  const answer = await answerTo(scene, await ask(scene))
  const label = labelNotIn(answer.text)
  const before = await correctionsIn(scene, state)
  await scene.candidates.people.chooses(user, label, answer)
  const prediction = await eventually(
    async () => (await correctionsIn(scene, state)).find((each) => !before.includes(each)),
    { timeoutMs: patienceMs, what: `a correction that is ${state}` },
  )
  return { answer, label, prediction, workflowId: correctionWorkflowId(bot, prediction) }
}

type Correction = Awaited<ReturnType<typeof correct>>

/** A second person says the same, which settles it; whoever voted has heard of it before this goes on. */
async function settle(scene: Scene, { answer, label, prediction, workflowId }: Correction): Promise<void> {
  await scene.candidates.people.chooses(other, label, answer)
  await eventually(async () => ((await correctionsIn(scene, 'accepted')).includes(prediction) ? true : undefined), {
    timeoutMs: patienceMs,
    what: 'a correction that is settled',
  })
  await scene.client.workflow.getHandle(workflowId).result()
}

/** A version waits for its approval. @returns its number. */
async function awaitApproval({ candidates, client }: Scene): Promise<number> {
  const version = await candidates.register()
  await candidates.start(client, version)
  await candidates.when(version, ({ stage }) => stage === 'approval', { what: 'the approval', timeoutMs: patienceMs })
  return version
}

/** A retrain runs, and waits for somebody who trains. @returns its number. */
async function startRetrain({ client, stack }: Scene): Promise<number> {
  await stack.stop('training')
  const request = { key: randomUUID(), reason: 'person' } as const
  await openStories(client).tellCoordinator({ bot, kind: 'request', request })
  const running = async () => (await retrainsOf(stack.db, bot)).find(({ state }) => state === 'running')
  return (await eventually(running, { timeoutMs: patienceMs, what: 'a retrain that runs' })).number
}

/** All that is open when the builds change. */
interface Open {
  readonly questions: readonly Asked[]
  readonly corrections: readonly Correction[]
  readonly version: number
  readonly retrain: number
}

/** Under the first build everything begins; nobody scores and nobody trains until the last one is back. */
async function begin(scene: Scene): Promise<Open> {
  const corrections = [await correct(scene, voter, 'open'), await correct(scene, voter, 'open')]
  await correct(scene, reviewer, 'accepted')
  const version = await awaitApproval(scene)
  const retrain = await startRetrain(scene)
  await scene.stack.stop('inference')
  return { questions: [await ask(scene)], corrections, version, retrain }
}

/** Whoever scores and trains is back, and people decide: everything that is open ends. */
async function end(scene: Scene, { version, retrain }: Open): Promise<void> {
  const { stack, candidates } = scene
  await Promise.all([stack.start('inference'), stack.start('training')])
  await candidates.decides(approver, version, { decision: 'promote', reason: 'it is good', timeoutMs: patienceMs })
  await candidates.when(version, (one) => one.end !== undefined, { what: 'the end', timeoutMs: patienceMs })
  await eventually(
    async () =>
      (await retrainsOf(stack.db, bot)).some(({ number, state }) => number === retrain && state !== 'running')
        ? true
        : undefined,
    { timeoutMs: 2 * patienceMs, what: 'the end of the retrain' },
  )
}

const failuresIn = async (handle: WorkflowHandle) => {
  const { events } = await handle.fetchHistory()
  const failed = events?.flatMap(({ workflowTaskFailedEventAttributes: task }) => task?.failure?.message ?? [])
  // A signal came while the task ran: it is done again, and nothing is wrong.
  return failed?.filter((message) => message !== 'UnhandledCommand') ?? []
}

/** The build ids of those who took a workflow's tasks, in their order, each once. */
async function buildsOf(client: Client, workflowId: string): Promise<readonly string[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory()
  const ids = events?.flatMap(
    ({ workflowTaskCompletedEventAttributes: task }) => task?.deploymentVersion?.buildId ?? [],
  )
  return [...new Set(ids)]
}

const wentThroughPatch = async (client: Client, workflowId: string): Promise<boolean> => {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory()
  return events?.some(({ markerRecordedEventAttributes: marker }) => marker?.markerName === 'core_patch') ?? false
}

/** What is wrong with how it all ended. */
async function endFaults(scene: Scene, open: Open): Promise<readonly string[]> {
  const { stack, client, candidates } = scene
  const faults: string[] = []
  for (const asked of open.questions) {
    const end: unknown = await client.workflow.getHandle(asked.workflowId).result()
    const count = (await answersTo(scene, asked)).length
    if (count !== 1) faults.push(`a question has ${count} answers: ${JSON.stringify(end)}`)
  }
  const promoted = (await candidates.rollout(open.version))?.end
  if (promoted !== 'promoted') faults.push(`the rollout ended ${promoted ?? 'not at all'}`)
  const retrain = (await retrainsOf(stack.db, bot)).find(({ number }) => number === open.retrain)
  // A gate takes an equal version for a worse one now and then (decision 0009); that is a right end, too.
  const isRight = retrain?.state === 'succeeded' || retrain?.outcome?.includes('the gates stopped') === true
  if (!isRight) faults.push(`the retrain ended ${retrain?.state ?? 'not at all'}: ${retrain?.outcome ?? ''}`)
  const ended = client.workflow.list({ query: 'ExecutionStatus NOT IN ("Running", "Completed", "ContinuedAsNew")' })
  for await (const { workflowId, status } of ended) faults.push(`${workflowId} is ${status.name}`)
  const all = [
    ...open.questions.map(({ workflowId }) => workflowId),
    ...open.corrections.map(({ workflowId }) => workflowId),
    ...[learnWorkflowId(bot), retrainWorkflowId(bot, open.retrain), rolloutWorkflowId(bot, open.version)],
  ]
  for (const workflowId of all)
    for (const message of await failuresIn(client.workflow.getHandle(workflowId)))
      faults.push(`a task of ${workflowId} failed: ${message}`)
  return faults
}

/** Whether the code that is new has really run, and whoever is pinned has stayed with the build that it began with. */
async function buildFaults({ mode, client }: Scene, open: Open, builds: Readonly<Record<'old' | 'next', string>>) {
  const [settled] = open.corrections
  if (settled === undefined) return ['nothing was settled']
  if (mode === 'off')
    return (await wentThroughPatch(client, settled.workflowId)) ? [] : ['the next build’s code has not run']
  const { old, next } = builds
  const [first, second, third] = open.questions.map(({ workflowId }) => workflowId)
  const wanted = [
    ...[first, third, settled.workflowId, retrainWorkflowId(bot, open.retrain)].map((id) => [id, [old]] as const),
    [second, [next]] as const,
    [learnWorkflowId(bot), [old, next]] as const,
  ]
  const faults: string[] = []
  for (const [workflowId = '', right] of wanted) {
    const seen = await buildsOf(client, workflowId)
    if (seen.join() !== right.join())
      faults.push(`${workflowId} ran on ${seen.join(', ')} and not on ${right.join(', ')}`)
  }
  return faults
}

/** One mode: everything is open, the next build comes, the old one comes back, and everything ends. */
async function proveMode(mode: Mode, say: (line: string) => void) {
  const change = { rollout: atOnce, learning: { accepted: 1_000 }, askShare: 0, questionsPerDay: 0 }
  const stack = await startStack({
    ...{ bots: [bot], botsFolder: await botsFolderOf({ [bot]: { like: bot, change } }), ownTemporal: true },
    services: ['slack simulator', 'api', 'relay', 'conversations', 'inference', 'learning', 'training'],
    env: { DEMO_APPROVER: approver, LOG_LEVEL: 'warn', WORKFLOW_VERSIONING: mode },
  })
  const next = await makeNextBuild(mode)
  const client = await connectClient(stack.temporal)
  const startedAt = performance.now()
  try {
    await ensureReviewer(stack.db, { channel: 'slack', workspace: 'T0SIM', platformUserId: reviewer })
    const scene: Scene = { mode, stack, client, candidates: candidatesOf(stack, bot) }
    const deploy = (build: Build) => replaceBuild(stack, { mode, build })
    const old = mode === 'pinned' ? await thisBuild.makeCurrent(stack) : ''
    const begun = await begin(scene)
    say(`${mode}: conversations, corrections, a retrain and a rollout are open`)
    const nextId = await deploy(next)
    const [settledByNext, settledByOld] = begun.corrections
    if (settledByNext) await settle(scene, settledByNext)
    const second = await ask(scene)
    say(`${mode}: the next build is deployed`)
    await deploy(thisBuild)
    if (settledByOld) await settle(scene, settledByOld)
    const open = { ...begun, questions: [...begun.questions, second, await ask(scene)] }
    say(`${mode}: the old build is back`)
    await end(scene, open)
    const faults = [...(await endFaults(scene, open)), ...(await buildFaults(scene, open, { old, next: nextId }))]
    say(`${mode}: ${faults.length === 0 ? 'everything ended right' : faults.join('; ')}`)
    return { mode, seconds: Math.round((performance.now() - startedAt) / 1000), faults }
  } finally {
    await client.connection.close()
    await stack.close()
    await next.remove()
  }
}

/**
 * Conversations, corrections, a retrain and a rollout that waits for approval are open; another build with changed stories is deployed under
 * them, then the old one again: unversioned, and with pinned versions. Everything ends right, and no workflow task fails.
 */
export async function proveDeploy({
  modes = ['off', 'pinned'],
  say,
}: {
  readonly modes?: readonly Mode[]
  readonly say: (line: string) => void
}) {
  const results = []
  for (const mode of modes) results.push(await proveMode(mode, say))
  return { proof: 'deploy' as const, modes: results, ok: results.every(({ faults }) => faults.length === 0) }
}

export async function main(): Promise<void> {
  const { values } = parseArgs({ options: { times: { type: 'string' }, json: { type: 'boolean', default: false } } })
  const result = await proveDeploy({ say: (line) => console.error(line) })
  console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2))
  process.exit(result.ok ? 0 : 1)
}
