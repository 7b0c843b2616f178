import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { buildApp } from '../../api/app.ts'
import { createMetrics } from '../../api/metrics.ts'
import { operatorDeps } from '../../api/wiring/operator-deps.ts'
import { standingOf } from '../../api/wiring/standing.ts'
import { temporalOnFirstUse } from '../../api/wiring/temporal-on-first-use.ts'
import type { Bot } from '../../domain/bot.ts'
import type { Role } from '../../domain/people.ts'
import { loadConfig } from '../../infra/config.ts'
import { type Db, isOutage } from '../../store/db.ts'
import { personOf } from '../../store/messages/messages.ts'
import { changeRole } from '../../store/people/people.ts'
import { createSignInLink, redeemSignInLink } from '../../store/people/sessions.ts'
import { holdBots } from '../../workers/bots/open-bots.ts'
import { testBot } from './bots.ts'

export const adminToken = 'the token of this machine'.replaceAll(' ', '-')

/** Two bots, so that a role with one is none with the other. */
const bots = [
  testBot({ channels: ['slack', 'x', 'http'] }),
  testBot({ name: 'after-dark', channels: ['slack'], labels: [{ id: 'engineer', words: 'engineer' }] }),
]

type Inject = (request: InjectOptions) => Promise<LightMyRequestResponse>

export interface OperatorApp {
  /** Asks as whoever the headers say. */
  readonly inject: Inject
  /** Asks as the local administrator. */
  readonly asAdmin: Inject
  /** The address of the API, listening. */
  readonly listen: () => Promise<string>
  /** Messages that were given their workflow again. */
  readonly restarted: readonly string[]
  /** A new person's session. */
  readonly signIn: (roles?: Readonly<Record<string, Role>>) => Promise<{ readonly id: string; readonly cookie: string }>
}

async function openApp(db: Db, restarted: string[], more: readonly Bot[]) {
  const home = await mkdtemp(join(tmpdir(), 'operator-api-'))
  // Nothing listens there, whatever else runs on this machine.
  const config = loadConfig({
    ...{ UNDERSTUDY_HOME: home, LOCAL_ADMIN_TOKEN: adminToken },
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  })
  const log = pino({ level: 'silent' })
  const ready = () => Promise.resolve()
  const { stories, close } = temporalOnFirstUse(config)
  const noting = async () => ({
    ...(await stories()),
    restartAnswer: ({ id }: { readonly id: string }) => Promise.resolve(void restarted.push(id)),
  })
  const app = await buildApp({
    log,
    metrics: createMetrics(() => standingOf(db)),
    ready,
    isOutage,
    record: () => Promise.resolve(false),
    slackDoorsOf: () => undefined,
    xDoorOf: () => undefined,
    tensorflow: () => Promise.resolve(undefined),
    readiness: () => Promise.resolve({}),
    operator: operatorDeps({ config, log, db, stories: noting, bots: holdBots(db, [...bots, ...more]), ready }),
  })
  app.addHook('onClose', async () => {
    await close()
    await rm(home, { recursive: true, force: true })
  })
  return app
}

async function signIn(db: Db, roles: Readonly<Record<string, Role>>) {
  const who = { channel: 'http', workspace: '', platformUserId: `person-${Math.random()}` } as const
  const personId = await personOf(db, who)
  for (const [bot, role] of Object.entries(roles)) await changeRole(db, { personId, bot, role, actor: 'test' })
  const session = await redeemSignInLink(db, await createSignInLink(db, personId))
  return { id: personId, cookie: `understudy_session=${session ?? ''}` }
}

/**
 * The API with the real database and blobs in a folder of the test's own. Temporal is not asked: `restarted` tells what would be.
 * @param options.bots beside the two that are always there; asked with the first request.
 */
export function useOperatorApp(db: () => Db, options: { readonly bots?: () => readonly Bot[] } = {}): OperatorApp {
  const restarted: string[] = []
  let opening: ReturnType<typeof openApp> | undefined
  const app = () => (opening ??= openApp(db(), restarted, options.bots?.() ?? []))
  after(async () => (await opening)?.close())
  const inject: Inject = async (request) => (await app()).inject(request)
  return {
    inject,
    asAdmin: (request) =>
      inject({ ...request, headers: { ...request.headers, authorization: `Bearer ${adminToken}` } }),
    listen: async () => (await app()).listen({ host: '127.0.0.1', port: 0 }),
    restarted,
    signIn: (roles = {}) => signIn(db(), roles),
  }
}
