import { sql } from 'kysely'
import { rolloutWorkflowId } from '../../../domain/keys.ts'
import { rolloutDefaults, type RolloutNumbers } from '../../../domain/learning/numbers.ts'
import type { RolloutEnd } from '../../../domain/rollout/rollout.ts'
import type { VersionFiles } from '../../../models/files.ts'
import { openRollout } from '../../../store/rollouts/enter-stage.ts'
import { versionsOf } from '../../../store/versions/versions.ts'
import { candidatesOf, type Candidates, type Change } from '../../../test/support/learning/candidates.ts'
import { eventually } from '../../../test/support/platforms/platform.ts'
import { badTextVersion } from '../../shared/bad-text-version.ts'
import type { Scene } from '../scene.ts'
import { approver, patienceMs } from '../small-stack.ts'

/* Every other way in which a rollout ends, and one that waits for its approval when the recording ends. */

const bot = 'team-router'

/** Nobody has to ask anything before the card is shown. */
const atOnce: RolloutNumbers = {
  ...rolloutDefaults,
  ...{ shadowRequests: 0, canary: [{ weight: 0.5, requests: 0 }], judgeEveryMs: 1_000, maxWaitMs: 1_000 },
  ...{ approvalWithinMs: 3_600_000, bakeRequests: 0, bakeMs: 1_000 },
}

interface Ground extends Scene {
  readonly candidates: Candidates
}

/** The version that learned what the label design means: an older one would not get past its replay beside it. */
async function learned({ stack: { db }, candidates }: Ground): Promise<Change & { readonly files: VersionFiles }> {
  const version = (await versionsOf(db, bot)).find((each) => each.version === 2)
  if (version === undefined) throw new Error('there is no version that learned')
  const { weightsSha256, labels, datasetRoot } = version
  return { weightsSha256, labels, datasetRoot, files: await candidates.filesOf(version) }
}

/** Registers a version that is as the learned one but for the change, and begins its rollout. */
async function begin(ground: Ground, numbers: Partial<RolloutNumbers>, change: Change = {}): Promise<number> {
  const { candidates, stack, client } = ground
  const base = await learned(ground)
  const version = await candidates.register({ ...base, ...change, files: { ...base.files, ...change.files } })
  await openRollout(stack.db, { bot, version, mode: 'replace', numbers: { ...atOnce, ...numbers } })
  await candidates.start(client, version)
  return version
}

/** Waits until it has ended so, and keeps its history. @param story its name; that of the end when left out. */
async function endsAs(
  { candidates, client, keep }: Ground,
  version: number,
  end: RolloutEnd,
  story: string = end,
): Promise<void> {
  await candidates.when(version, (rollout) => rollout.end !== undefined, { what: end, timeoutMs: patienceMs })
  const workflowId = rolloutWorkflowId(bot, version)
  const ended: unknown = await client.workflow.getHandle(workflowId).result()
  if (ended !== end) throw new Error(`version ${version} ended as ${String(ended)}, not as ${end}`)
  await keep(`rollOutVersion/${story}`, workflowId)
}

/** Who may not decide tries, and who may says no. */
async function reject(ground: Ground): Promise<void> {
  const { candidates } = ground
  const version = await begin(ground, {})
  await candidates.people.decides('U0BEN', 'promote', await candidates.cardWhenShown(version), { reason: 'I like it' })
  await candidates.decides(approver, version, { decision: 'reject', reason: 'it is no better', timeoutMs: patienceMs })
  await endsAs(ground, version, 'rejected')
}

/** A broken version: its replay tells where there is a recording, else traffic does. */
async function breakDown(ground: Ground): Promise<void> {
  const { candidates, stack, asks } = ground
  const broken = badTextVersion((await learned(ground)).files, 'NaN', 0)
  await endsAs(ground, await begin(ground, {}, broken), 'failed-gates')
  // For this one nothing is recorded: what is there is out of sight until it has begun.
  const later = sql`interval '1000 days'`
  await sql`update recordings set expires_at = expires_at - ${later} where bot = ${bot}`.execute(stack.db)
  const version = await begin(ground, { shadowRequests: 30, maxWaitMs: 3_600_000 }, broken)
  await candidates.when(version, ({ stage }) => stage === 'shadow', { what: 'the shadow', timeoutMs: patienceMs })
  await sql`update recordings set expires_at = expires_at + ${later} where bot = ${bot} and expires_at < now()`.execute(
    stack.db,
  )
  for (const user of ['U0BEN', 'U0CHLOE', 'U0EVA', 'U0FINN'])
    await asks(bot, { user, text: 'who owns the tree view?', channel: 'C0SHADOW' })
  await endsAs(ground, version, 'rolled-back')
}

/** Promoted past its evidence, then taken back by a person; and one that is taken back before anybody decided. */
async function takeBack(ground: Ground): Promise<void> {
  const { candidates, operator } = ground
  const promoted = await begin(ground, {})
  await candidates.decides(approver, promoted, {
    decision: 'promote',
    reason: 'we need it today',
    timeoutMs: patienceMs,
  })
  await endsAs(ground, promoted, 'promoted', 'promoted-past-its-evidence')
  await operator.post(`/api/bots/${bot}/rollback`, { reason: 'people complain' })
  const withdrawn = await begin(ground, {})
  await candidates.cardWhenShown(withdrawn)
  await operator.post(`/api/bots/${bot}/rollback`, { version: withdrawn, reason: 'not now' })
  await endsAs(ground, withdrawn, 'withdrawn')
}

/** A person's requests: a replay, a rebuild, and what the Schedule would ask. */
async function askForJobs({ operator, client, keep }: Ground): Promise<void> {
  await operator.post('/api/replays', { bot, version: 2, against: 1 })
  await operator.post(`/api/versions/${bot}/2/rebuild`, {})
  await operator.post(`/api/bots/${bot}/schedule`, { action: 'trigger' })
  for (const [type, story] of [
    ['replayVersion', 'played'],
    ['rebuildVersion', 'rebuilt'],
    ['requestRetrain', 'asked'],
  ] as const) {
    const query = `WorkflowType = "${type}" and ExecutionStatus = "Completed"`
    const look = async () => {
      for await (const { workflowId } of client.workflow.list({ query })) return workflowId
      return undefined
    }
    await keep(`${type}/${story}`, await eventually(look, { timeoutMs: patienceMs, what: `the end of ${type}` }))
  }
}

export async function rollOutVersions(scene: Scene): Promise<void> {
  const ground = { ...scene, candidates: candidatesOf(scene.stack, bot) }
  await reject(ground)
  await breakDown(ground)
  await endsAs(ground, await begin(ground, { approvalWithinMs: 4_000 }), 'expired')
  await takeBack(ground)
  scene.say('rollouts have ended in every way')
  await askForJobs(ground)
  const open = await begin(ground, {})
  await ground.candidates.people.decides(approver, 'hold', await ground.candidates.cardWhenShown(open), {
    reason: 'next week',
  })
  await ground.candidates.when(open, ({ held }) => held, { what: 'the hold', timeoutMs: patienceMs })
}
