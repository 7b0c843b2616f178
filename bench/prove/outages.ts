import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { testSettings } from '../../test/support/settings.ts'
import { freePort } from '../../infra/local/ports.ts'
import { removeCluster, startPostgres } from '../../infra/local/postgres.ts'
import { provisionPostgres } from '../../infra/local/provision/postgres.ts'
import { openDatabase } from '../../store/db.ts'
import { migrate } from '../../store/migrate.ts'
import type { SimulatedPlatform } from '../../test/support/platforms/platform.ts'
import type { Stack } from '../../test/support/stack.ts'
import { onStack, proofCommand, type ProofResult, type ProofRun, waitForOutcomes } from '../shared/proof.ts'

/** What one outage is made of; a test shortens it. */
export interface OutageSize {
  readonly events: number
  readonly seconds: number
}

const fullSize: OutageSize = { events: 50, seconds: 20 }
const backWithinMs = 120_000
/** The platforms' retry schedules run this much faster, so that minutes become seconds. */
const clockScale = 20

type Asked = ReadonlyMap<SimulatedPlatform, readonly string[]>
type Outage = OutageSize & { readonly label: string }

/** As many events on each platform, spread over the outage. */
async function askDuring(platforms: readonly SimulatedPlatform[], outage: Outage): Promise<Asked> {
  const asked = new Map<SimulatedPlatform, string[]>(platforms.map((platform) => [platform, []]))
  const startedAt = Date.now()
  const pauseMs = (outage.seconds * 800) / outage.events
  for (let index = 0; index < outage.events; index += 1) {
    const platform = platforms[index % platforms.length]
    const place = platform?.channel === 'x' ? `${outage.label}${index}` : `C0${outage.label.toUpperCase()}${index}`
    if (platform) asked.get(platform)?.push(await platform.ask({ text: `${outage.label} ${index}?`, place }))
    await sleep(pauseMs)
  }
  await sleep(Math.max(0, outage.seconds * 1000 - (Date.now() - startedAt)))
  return asked
}

const workflowsOf = (asked: Asked) => [...asked].flatMap(([platform, ids]) => ids.map(platform.workflowId))

/** How the doors answered since `since`, by HTTP status. */
async function statusesSince(platforms: readonly SimulatedPlatform[], since: number): Promise<Record<string, number>> {
  const deliveries = (await Promise.all(platforms.map((platform) => platform.deliveries()))).flat()
  const counts: Record<string, number> = {}
  for (const { status, at } of deliveries) if (at >= since) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

async function temporalOutage(
  stack: Stack,
  platforms: readonly SimulatedPlatform[],
  outage: Outage & { readonly keepFile: boolean },
): Promise<{ readonly asked: Asked; readonly acks: Record<string, number> }> {
  const since = Date.now()
  await stack.stopTemporal()
  const asked = await askDuring(platforms, outage)
  const acks = await statusesSince(platforms, since)
  await stack.startTemporal({ keepFile: outage.keepFile })
  await waitForOutcomes(stack, workflowsOf(asked), backWithinMs)
  return { asked, acks }
}

/** PostgreSQL in a cluster of its own, that can be stopped and started again. */
async function openCluster(say: ProofRun['say']) {
  const { folder } = testSettings()
  const dataFolder = join(folder, 'outage-postgres')
  const binaries = await provisionPostgres({ home: folder, say })
  const port = await freePort(0)
  const launch = () => startPostgres({ binaries, dataFolder, port, logFile: join(folder, 'outage-postgres.log') })
  let server = await launch()
  const db = openDatabase(server.url)
  await migrate(db)
  await db.destroy()
  return {
    url: server.url,
    stop: () => server.stop(),
    start: async () => {
      server = await launch()
    },
    remove: async () => {
      await server.stop()
      await removeCluster(dataFolder)
    },
  }
}

/**
 * Temporal is stopped while events arrive: every door says 200 and every message is answered when it is back; the same
 * when Temporal's file is gone. PostgreSQL is stopped, and the api and the workers are killed meanwhile: 503, and the platform's
 * redelivery is answered once.
 */
export async function proveOutages(run: ProofRun, size: OutageSize = fullSize): Promise<ProofResult> {
  const cluster = await openCluster(run.say)
  try {
    return await onStack(
      'outages',
      { ...run, databaseUrl: cluster.url, ownTemporal: true },
      async (stack, platforms) => {
        await Promise.all(platforms.map((platform) => platform.clock(clockScale)))
        const stopped = await temporalOutage(stack, platforms, { ...size, label: 'stopped', keepFile: true })
        run.say(`Temporal stopped for ${size.seconds} s: acks ${JSON.stringify(stopped.acks)}`)
        const lost = await temporalOutage(stack, platforms, { ...size, label: 'lost', keepFile: false })
        run.say(`Temporal's file lost: acks ${JSON.stringify(lost.acks)}`)
        const since = Date.now()
        await cluster.stop()
        // Whatever is killed meanwhile starts without the database: the doors say 503, the workers wait.
        await Promise.all([stack.kill('api'), stack.kill('relay+conversations')])
        await stack.start('api')
        const workersStart = stack.start('relay+conversations')
        const refused = await askDuring(platforms, { events: 10, seconds: 4, label: 'refused' })
        const refusals = await statusesSince(platforms, since)
        await cluster.start()
        await workersStart
        await waitForOutcomes(stack, workflowsOf(refused), backWithinMs)
        run.say(`PostgreSQL stopped: acks ${JSON.stringify(refusals)}`)
        const asked = new Map(
          platforms.map((platform) => [
            platform,
            [stopped.asked, lost.asked, refused].flatMap((outage) => outage.get(platform) ?? []),
          ]),
        )
        const only = (acks: Record<string, number>, status: string) => Object.keys(acks).join() === status
        const ok = only(stopped.acks, '200') && only(lost.acks, '200') && only(refusals, '503')
        return {
          asked,
          ok,
          details: { temporalStopped: stopped.acks, temporalFileLost: lost.acks, postgresStopped: refusals },
        }
      },
    )
  } finally {
    await cluster.remove()
  }
}

export const main = (): Promise<void> => proofCommand(1, proveOutages)
