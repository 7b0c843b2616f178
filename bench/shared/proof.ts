import { parseArgs } from 'node:util'
import { platformsOf } from '../../test/support/platforms/both.ts'
import { eventually, type SimulatedPlatform } from '../../test/support/platforms/platform.ts'
import { type Stack, type StackOptions, startStack } from '../../test/support/stack.ts'

/** What a proof counted on one platform. `lost` and `duplicates` have to be 0. */
export interface Tally {
  readonly events: number
  readonly replies: number
  readonly lost: number
  readonly duplicates: number
}

export interface ProofResult {
  readonly proof: string
  readonly times: number
  readonly ok: boolean
  readonly seconds: number
  readonly channels: Readonly<Record<string, Tally>>
  readonly details: Readonly<Record<string, unknown>>
}

/** Counts the replies to every asked message: each has to have exactly one. */
async function tally(platform: SimulatedPlatform, asked: readonly string[]): Promise<Tally> {
  const replies = await platform.allReplies()
  const counts = asked.map((id) => replies.get(id)?.length ?? 0)
  return {
    events: asked.length,
    replies: counts.reduce((sum, count) => sum + count, 0),
    lost: counts.filter((count) => count === 0).length,
    duplicates: counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
  }
}

/** Waits until the message of every one of these workflows has its outcome recorded. */
export async function waitForOutcomes(stack: Stack, workflowIds: readonly string[], timeoutMs: number): Promise<void> {
  await eventually(
    async () => {
      const open = await stack.db
        .selectFrom('messages')
        .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('finished'))
        .where('workflow_id', 'in', workflowIds)
        .where('outcome', 'is not', null)
        .executeTakeFirstOrThrow()
      return open.finished === workflowIds.length ? true : undefined
    },
    { timeoutMs, what: `${workflowIds.length} outcomes` },
  )
}

export interface ProofRun {
  readonly times: number
  /** One line of progress, for a person who waits. */
  readonly say: (line: string) => void
  /** Runs on this stack, which goes on afterwards, instead of on one of its own. */
  readonly stack?: Stack
}

/** Runs a proof and puts its result together. */
export async function onStack(
  proof: string,
  run: ProofRun & StackOptions,
  prove: (
    stack: Stack,
    platforms: readonly SimulatedPlatform[],
  ) => Promise<{
    readonly asked: ReadonlyMap<SimulatedPlatform, readonly string[]>
    readonly details?: Readonly<Record<string, unknown>>
    readonly ok?: boolean
  }>,
): Promise<ProofResult> {
  const startedAt = performance.now()
  const stack = run.stack ?? (await startStack(run))
  try {
    const { asked, details = {}, ok = true } = await prove(stack, platformsOf(stack))
    const tallies = await Promise.all(
      [...asked].map(async ([platform, ids]) => [platform.channel, await tally(platform, ids)] as const),
    )
    const right = tallies.every(([, counted]) => counted.lost === 0 && counted.duplicates === 0)
    return {
      proof,
      times: run.times,
      ok: ok && right,
      seconds: Math.round((performance.now() - startedAt) / 100) / 10,
      channels: Object.fromEntries(tallies),
      details,
    }
  } finally {
    if (run.stack === undefined) await stack.close()
  }
}

/** The command line of a proof: `--times N`, `--json`. Ends the process with 0 when the proof held. */
export async function proofCommand(
  defaultTimes: number,
  prove: (run: ProofRun) => Promise<ProofResult>,
): Promise<void> {
  const { values } = parseArgs({ options: { times: { type: 'string' }, json: { type: 'boolean', default: false } } })
  const times = values.times === undefined ? defaultTimes : Number(values.times)
  if (!Number.isInteger(times) || times < 1) {
    console.error('--times needs a whole number from 1')
    process.exit(2)
  }
  const result = await prove({ times, say: (line) => console.error(line) })
  console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2))
  process.exit(result.ok ? 0 : 1)
}
