import { createClock } from '../wire/clock.ts'
import { controlRoutes } from '../wire/control.ts'
import { createCourier } from '../wire/courier.ts'
import type { Exchange, Handler, Reply } from '../wire/exchange.ts'
import { createFaults } from '../wire/faults.ts'
import type { FaultWords } from '../wire/faults.ts'
import { json } from '../wire/exchange.ts'
import { openLedger } from '../wire/ledger.ts'
import { servePicture } from '../wire/pictures.ts'
import { dispatch } from '../wire/routes.ts'
import type { Route } from '../wire/routes.ts'
import { listen } from '../wire/server.ts'
import type { Listening } from '../wire/server.ts'
import type { SlackApp } from './apps.ts'
import { messageRoutes } from './control/messages.ts'
import { postRoutes } from './control/posts.ts'
import { workspaceRoutes } from './control/workspace.ts'
import { isFileRequest, serveFile, serveLogin } from './file-host.ts'
import { createChannelLimit } from './limits.ts'
import { slackRecordShape } from './records.ts'
import { callWebApi, methodNames, tooMany } from './web-api/methods.ts'
import { slackPostal } from './webhook.ts'
import { apply, emptyWorkspace } from './workspace.ts'
import type { World } from './world.ts'

/** Downloads can fail by script too, under this name. */
const downloads = 'files-pri'

const faultWords: FaultWords = (fault) => {
  if (fault.kind === 'ok_false') return json({ ok: false, error: fault.error })
  if (fault.kind === 'rate_limited') return tooMany(fault.retryHeader ? { 'retry-after': `${fault.retryAfter}` } : {})
  return json({ ok: false, error: 'fatal_error' }, { status: fault.status ?? 500 })
}

async function openWorld(options: SlackSimulatorOptions): Promise<World> {
  const workspace = emptyWorkspace()
  const ledger = await openLedger(options.dataFolder, {
    shape: slackRecordShape,
    apply: (record, stamp) => apply(workspace, record, stamp),
  })
  const clock = createClock(options.clockScale)
  const courier = createCourier(slackPostal(options.apps), clock)
  const faults = createFaults(faultWords)
  return { apps: options.apps, workspace, ledger, faults, clock, courier, limit: createChannelLimit() }
}

function controlsOf(world: World, initialScale: number): readonly Route[] {
  const methods = [...methodNames, downloads]
  const reset = async () => {
    world.courier.clear()
    world.courier.setAckMs(undefined)
    world.clock.setScale(initialScale)
    world.faults.clear()
    world.limit.set({ enabled: false, perSecond: 1, burst: 1 })
    await world.ledger.record({ method: '_sim/reset' })
  }
  return [
    ...messageRoutes(world),
    ...postRoutes(world),
    ...workspaceRoutes(world),
    ...controlRoutes({
      ...world,
      methods,
      isMethod: (text) => methods.includes(text),
      registerPicture: (picture) => world.ledger.record({ method: '_sim/pictures', picture }),
      reset,
    }),
  ]
}

const isWorkspaceHost = (host: string) => host.endsWith('.slack.com') && host !== 'files.slack.com'

function handlerOf(world: World, routes: readonly Route[]): Handler {
  return (exchange: Exchange): Reply | Promise<Reply> => {
    if (exchange.host === 'pictures.example') return servePicture(world.workspace.pictures, exchange)
    if (isFileRequest(exchange))
      return world.faults.around(
        (method) => method === downloads,
        () => serveFile(world, exchange),
      )
    if (isWorkspaceHost(exchange.host)) return serveLogin()
    if (exchange.path.startsWith('/api/')) return callWebApi(world, exchange)
    return dispatch(routes, exchange)
  }
}

export interface SlackSimulatorOptions {
  /** 0 for a free one. */
  readonly port: number
  /** Holds `accepted.jsonl`, the log of the bots' accepted writes, and `people.jsonl`. */
  readonly dataFolder: string
  readonly apps: readonly SlackApp[]
  /** How many times faster than real time the retry schedule runs; 1 by default. */
  readonly clockScale?: number
}

/**
 * A Slack on this machine: the Web API at `<url>/api/`, signed events with Slack's retries, the file hosts by their Host
 * header, and control calls at `<url>/_sim/`.
 * @throws Error with the code `EADDRINUSE` when the port is taken; Error when the data folder holds something else.
 */
export async function createSlackSimulator(options: SlackSimulatorOptions): Promise<Listening> {
  const world = await openWorld(options)
  const handler = handlerOf(world, controlsOf(world, options.clockScale ?? 1))
  const stop = async () => {
    world.courier.close()
    await world.ledger.close()
  }
  const server = await listen(handler, { port: options.port }).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  const close = async () => {
    await server.close()
    await stop()
  }
  return { url: server.url, close }
}
