import { createClock } from '../wire/clock.ts'
import { createCourier } from '../wire/courier.ts'
import type { Exchange, Handler, Reply } from '../wire/exchange.ts'
import { createFaults } from '../wire/faults.ts'
import type { FaultWords } from '../wire/faults.ts'
import { json } from '../wire/exchange.ts'
import { openLedger } from '../wire/ledger.ts'
import { createChanges } from '../wire/page/changes.ts'
import { servePicture } from '../wire/pictures.ts'
import { dispatch } from '../wire/routes.ts'
import type { Route } from '../wire/routes.ts'
import { listen } from '../wire/server.ts'
import type { Listening } from '../wire/server.ts'
import type { SlackApp } from './apps.ts'
import { visible } from './control/posts.ts'
import { answers, downloads, routesOf } from './control/routes.ts'
import { slackPostal } from './delivery/webhook.ts'
import { avatarHosts, serveAvatar } from './hosts/avatar-host.ts'
import { isFileRequest, serveFile, serveLogin } from './hosts/file-host.ts'
import { serveHook } from './hosts/response-url.ts'
import { receiveUpload } from './hosts/uploads.ts'
import { createChannelLimit } from './limits.ts'
import { chatPageRoutes } from './page/routes.ts'
import { apply } from './state/apply.ts'
import type { Change } from './state/change.ts'
import { slackRecordShape } from './state/records.ts'
import { newWorkspace } from './state/workspace.ts'
import { callWebApi, tooMany } from './web-api/methods.ts'
import type { World } from './world.ts'

const faultWords: FaultWords = (fault) => {
  if (fault.kind === 'ok_false') return json({ ok: false, error: fault.error })
  if (fault.kind === 'rate_limited') return tooMany(fault.retryHeader ? { 'retry-after': `${fault.retryAfter}` } : {})
  return json({ ok: false, error: 'fatal_error' }, { status: fault.status ?? 500 })
}

/** What those who look at the page are told. */
const shownChange = (change: Change, apps: readonly SlackApp[]): unknown => {
  if (change.kind === 'message')
    return { ...visible({ apps }, change.message), ...(change.deleted && { deleted: true }) }
  return change.kind === 'view' ? { viewId: change.view.id, user: change.view.user } : { reset: true }
}

async function openWorld(options: SlackSimulatorOptions, baseUrl: () => string): Promise<World> {
  const { apps } = options
  const workspace = newWorkspace(apps)
  const changes = createChanges()
  const ledger = await openLedger(options.dataFolder, {
    shape: slackRecordShape,
    apply: (record, stamp) => {
      for (const change of apply(workspace, record, stamp)) changes.tell(shownChange(change, apps))
    },
  })
  const clock = createClock(options.clockScale)
  const courier = createCourier(slackPostal(apps), clock)
  const tools = { faults: createFaults(faultWords), limit: createChannelLimit(), uploads: new Map() }
  return { apps, workspace, ledger, clock, courier, changes, baseUrl, ...tools }
}

const isWorkspaceHost = (host: string) => host.endsWith('.slack.com') && host !== 'files.slack.com'

function handlerOf(world: World, routes: readonly Route[]): Handler {
  const under = (name: string, accept: () => Promise<Reply>) => world.faults.around((method) => method === name, accept)
  return (exchange: Exchange): Reply | Promise<Reply> => {
    const { host, path } = exchange
    if (host === 'pictures.example') return servePicture(world.workspace.pictures, exchange)
    if (avatarHosts.includes(host)) return serveAvatar(world.workspace, exchange)
    if (isFileRequest(exchange)) return under(downloads, () => serveFile(world, exchange))
    if (isWorkspaceHost(host)) return serveLogin()
    if (path.startsWith('/api/')) return callWebApi(world, exchange)
    if (path.startsWith('/hooks/')) return under(answers, () => serveHook(world, exchange))
    if (path.startsWith('/upload/v1/')) return receiveUpload(world, exchange)
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
  let url = ''
  const world = await openWorld(options, () => url)
  const handler = handlerOf(world, [...chatPageRoutes(world), ...routesOf(world, options.clockScale ?? 1)])
  const stop = async () => {
    world.courier.close()
    await world.ledger.close()
  }
  const server = await listen(handler, { port: options.port }).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  url = server.url
  const close = async () => {
    await server.close()
    await stop()
  }
  return { url: server.url, close }
}
