import { setTimeout as sleep } from 'node:timers/promises'
import { replyTo, type SimulatedPlatform } from '../../test/support/platforms/platform.ts'
import { onStack, proofCommand, type ProofResult, type ProofRun } from '../shared/proof.ts'

/** Longer than a second reply would take to appear. */
const quietMs = 2_000

async function askWithCopies(platform: SimulatedPlatform, index: number): Promise<string> {
  const id = await platform.ask({
    text: `what is number ${index}?`,
    place: platform.channel === 'x' ? `person${index}` : `C0ROOM${index}`,
    deliveries: { copies: 5, twins: true, newEventIds: 2 },
  })
  await replyTo(platform, id)
  return id
}

/**
 * The same event five times at once, its twin of the other type, twice more under a new event id, and once more after the
 * doors and workers were restarted: one reply each, on both channels.
 */
export const proveDuplicates = (run: ProofRun): Promise<ProofResult> =>
  onStack('duplicates', run, async (stack, platforms) => {
    const asked = new Map<SimulatedPlatform, string[]>()
    for (const platform of platforms) {
      const ids: string[] = []
      for (let index = 0; index < run.times; index += 1) ids.push(await askWithCopies(platform, index))
      asked.set(platform, ids)
      run.say(`${platform.channel}: ${ids.length} messages in all their copies`)
    }
    for (const service of ['api', 'relay+conversations'] as const) {
      await stack.stop(service)
      await stack.start(service)
    }
    for (const [platform, ids] of asked) await Promise.all(ids.map((id) => platform.redeliver(id)))
    run.say('delivered once more after a restart')
    await sleep(quietMs)
    const deliveries = (await Promise.all(platforms.map((platform) => platform.deliveries()))).flat()
    const refused = deliveries.filter(({ status }) => status !== 200).length
    return { asked, details: { deliveries: deliveries.length, notAcked: refused } }
  })

export const main = (): Promise<void> => proofCommand(25, proveDuplicates)
