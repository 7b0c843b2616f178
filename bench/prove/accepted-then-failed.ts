import type { SimulatedPlatform } from '../../test/support/platforms/platform.ts'
import { onStack, proofCommand, type ProofResult, type ProofRun, waitForOutcomes } from '../shared/proof.ts'

const kinds = ['timeout_after_accept', 'reset_after_accept'] as const
/** A failed call takes 5 s at most, 8 s to settle, then the look; and all of it once more when the machine is busy. */
const recordedWithinMs = 60_000

/**
 * The platform takes the reply and then does not answer, or cuts the connection: one reply each, on both channels. Every
 * outcome is awaited, so that a second post would be seen.
 */
export const proveAcceptedThenFailed = (run: ProofRun): Promise<ProofResult> =>
  onStack('accepted-then-failed', run, async (stack, platforms) => {
    const asked = new Map<SimulatedPlatform, string[]>()
    for (const platform of platforms) {
      const ids: string[] = []
      for (const kind of kinds) {
        await platform.faults({ kind, times: run.times })
        const questions = Array.from({ length: run.times }, (_, index) =>
          platform.ask({
            text: `${kind} ${index}?`,
            place: platform.channel === 'x' ? `person${index}` : `C0${kind.slice(0, 5).toUpperCase()}${index}`,
          }),
        )
        const batch = await Promise.all(questions)
        await waitForOutcomes(stack, batch.map(platform.workflowId), recordedWithinMs)
        run.say(`${platform.channel}: ${run.times} × ${kind}`)
        ids.push(...batch)
      }
      asked.set(platform, ids)
    }
    const adopted = await stack.db.selectFrom('replies').select('key').where('adopted', '=', true).execute()
    const expected = run.times * kinds.length * platforms.length
    return { asked, ok: adopted.length === expected, details: { foundInsteadOfRepeated: adopted.length, expected } }
  })

export const main = (): Promise<void> => proofCommand(25, proveAcceptedThenFailed)
