import { createClock } from '../wire/clock.ts'
import { controlRoutes } from '../wire/control.ts'
import { createCourier } from '../wire/courier.ts'
import { problem } from '../wire/exchange.ts'
import type { Exchange, Handler, Reply } from '../wire/exchange.ts'
import { createFaults } from '../wire/faults.ts'
import { openLedger } from '../wire/ledger.ts'
import { createChanges } from '../wire/page/changes.ts'
import type { Changes } from '../wire/page/changes.ts'
import { servePicture } from '../wire/pictures.ts'
import { dispatch } from '../wire/routes.ts'
import type { Route } from '../wire/routes.ts'
import { listen } from '../wire/server.ts'
import type { Listening } from '../wire/server.ts'
import { callApi, isMethod, methodNames } from './api/endpoints.ts'
import type { XApp } from './apps.ts'
import { createRoutes } from './control/create.ts'
import { checkWebhook, networkRoutes } from './control/read.ts'
import { createCallLimits, noLimits } from './limits.ts'
import { directMediaHost, postMediaHost } from './media-hosts.ts'
import { apply, emptyNetwork } from './network.ts'
import { chatPageRoutes } from './page/routes.ts'
import { faultWords } from './problems.ts'
import { xRecordShape } from './records.ts'
import { xPostal } from './webhook.ts'
import type { World } from './world.ts'

async function openWorld(options: XSimulatorOptions, changes: Changes): Promise<World> {
  const { apps } = options
  const network = emptyNetwork(apps)
  const ledger = await openLedger(options.dataFolder, {
    shape: xRecordShape,
    apply: (record, stamp) => {
      apply(network, apps, { record, stamp })
      changes.tell({ method: record.method, at: stamp.at })
    },
  })
  const clock = createClock(options.clockScale)
  const courier = createCourier(xPostal(apps), clock)
  const faults = createFaults(faultWords)
  return { apps, network, ledger, faults, clock, courier, limits: createCallLimits(), invalid: new Set() }
}

function controlsOf(world: World, initialScale: number): readonly Route[] {
  const reset = async () => {
    world.courier.clear()
    world.courier.setAckMs(undefined)
    world.clock.setScale(initialScale)
    world.faults.clear()
    world.limits.set(noLimits)
    world.invalid.clear()
    await world.ledger.record({ method: '_sim/reset' })
  }
  return [
    ...createRoutes(world),
    ...networkRoutes(world),
    ...controlRoutes({
      ...world,
      methods: methodNames,
      isMethod,
      registerPicture: (picture) => world.ledger.record({ method: '_sim/pictures', picture }),
      reset,
    }),
  ]
}

const isLoopback = (host: string) => host === 'localhost' || /^127(?:\.\d+){3}$/.test(host)

function handlerOf(world: World, routes: readonly Route[]): Handler {
  return (exchange: Exchange): Reply | Promise<Reply> => {
    const { host, path } = exchange
    if (host === 'pictures.example') return servePicture(world.network.pictures, exchange)
    if (host === 'pbs.twimg.com') return postMediaHost(world, exchange)
    if (host === 'ton.twitter.com') return directMediaHost(world, exchange)
    if (host === 'api.x.com' || host === 'upload.x.com') return callApi(world, exchange)
    if (!isLoopback(host)) return problem(421, 'This simulator is not that host', 'See the Host header.')
    return /^\/(?:2|1\.1)\//.test(path) ? callApi(world, exchange) : dispatch(routes, exchange)
  }
}

export interface XSimulatorOptions {
  /** 0 for a free one. */
  readonly port: number
  /** Holds `accepted.jsonl`, the log of the bots' accepted writes, and `people.jsonl`. */
  readonly dataFolder: string
  readonly apps: readonly XApp[]
  /** How many times faster than real time the retry schedule runs; 1 by default. */
  readonly clockScale?: number
}

/**
 * An X on this machine, over plain HTTP and one port: `api.x.com`, `pbs.twimg.com`, `ton.twitter.com` and `pictures.example` by
 * their Host header, and control calls at `<url>/_sim/`. OAuth 1.0a signatures are checked against the production address. One
 * CRC per bot is run in the background at the start.
 * @throws Error with the code `EADDRINUSE` when the port is taken; Error when the data folder holds something else.
 */
export async function createXSimulator(options: XSimulatorOptions): Promise<Listening> {
  const changes = createChanges()
  const world = await openWorld(options, changes)
  const routes = [...chatPageRoutes(world, changes), ...controlsOf(world, options.clockScale ?? 1)]
  const handler = handlerOf(world, routes)
  const stop = async () => {
    world.courier.close()
    await world.ledger.close()
  }
  const server = await listen(handler, { port: options.port }).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  for (const { bot } of world.apps) void checkWebhook(world, bot)
  const close = async () => {
    await server.close()
    await stop()
  }
  return { url: server.url, close }
}
