import type { ReplyKillPoint } from '../../activities/post-once.ts'
import type { SimulatedPlatform } from '../../test/support/platforms/platform.ts'
import type { Stack } from '../../test/support/stack.ts'
import { onStack, proofCommand, type ProofResult, type ProofRun, waitForOutcomes } from '../shared/proof.ts'

const points: readonly ReplyKillPoint[] = ['reply.beforeIntent', 'reply.afterIntent', 'reply.afterPost']
/** A dead attempt is noticed after 12 s, a dead worker's sticky queue after 10; then the look and the next try. */
const recordedWithinMs = 120_000

/** `times` workers die at the point, each on a message of its own or on one that its predecessor left; a sound one follows. */
async function killWorkersAt(
  stack: Stack,
  point: ReplyKillPoint,
  round: { readonly platform: SimulatedPlatform; readonly times: number },
): Promise<readonly string[]> {
  const { platform, times } = round
  const ids: string[] = []
  await stack.stop('relay+conversations')
  for (let index = 0; index < times; index += 1) {
    // It may die before it is ready, on a message that its predecessor left.
    const lives = await stack.start('relay+conversations', { KILL_AT: point }).then(
      () => true,
      () => false,
    )
    const place = platform.channel === 'x' ? `person${index}` : `C0${index}${point.slice(6).toUpperCase()}`
    ids.push(await platform.ask({ text: `${point} ${index}?`, place }))
    if (lives) await stack.ended('relay+conversations')
  }
  await stack.start('relay+conversations')
  await waitForOutcomes(stack, ids.map(platform.workflowId), recordedWithinMs)
  return ids
}

/**
 * `kill -9` of the conversations worker before the intent, after it, and after the post before its record: one reply each,
 * on both channels.
 */
export const proveReplyKills = (run: ProofRun): Promise<ProofResult> =>
  onStack('reply-kills', run, async (stack, platforms) => {
    const asked = new Map<SimulatedPlatform, string[]>(platforms.map((platform) => [platform, []]))
    for (const point of points)
      for (const [platform, ids] of asked) {
        ids.push(...(await killWorkersAt(stack, point, { platform, times: run.times })))
        run.say(`${platform.channel}: ${run.times} kills at ${point}`)
      }
    const adopted = await stack.db.selectFrom('replies').select('key').where('adopted', '=', true).execute()
    const kills = run.times * points.length * platforms.length
    return { asked, details: { kills, foundInsteadOfRepeated: adopted.length } }
  })

export const main = (): Promise<void> => proofCommand(20, proveReplyKills)
