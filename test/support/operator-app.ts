import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { buildApp } from '../../api/app.ts'
import { createMetrics } from '../../api/metrics.ts'
import { operatorDeps } from '../../api/wiring/operator-deps.ts'
import type { Role } from '../../domain/people.ts'
import { loadConfig } from '../../infra/config.ts'
import { openTemporalClient } from '../../infra/temporal.ts'
import type { Db } from '../../store/db.ts'
import { personOf } from '../../store/messages.ts'
import { changeRole } from '../../store/people.ts'
import { reopenMessage } from '../../store/retries.ts'
import { createSignInLink, redeemSignInLink } from '../../store/sessions.ts'
import { testBot } from './bots.ts'

export const adminToken = 'the token of this machine'.replaceAll(' ', '-')

/** Two bots, so that a role with one is none with the other. */
const bots = [
  testBot({ channels: ['slack', 'x', 'http'] }),
  testBot({ name: 'after-dark', channels: ['slack'], labels: [{ id: 'engineer', words: 'engineer' }] }),
]

export interface OperatorApp {
  readonly app: () => FastifyInstance
  /** Asks as the local administrator. */
  readonly asAdmin: FastifyInstance['inject']
  /** Messages that were given their workflow again. */
  readonly restarted: readonly string[]
  /** The cookie of a new person's session. */
  readonly signIn: (roles?: Readonly<Record<string, Role>>) => Promise<{ readonly id: string; readonly cookie: string }>
}

/** The API with the real database and blobs in a folder of the test's own. Temporal is not asked: `restarted` tells what would be. */
export function useOperatorApp(db: () => Db): OperatorApp {
  const open: { app?: FastifyInstance; release?: () => Promise<unknown> } = {}
  const restarted: string[] = []
  before(async () => {
    const home = await mkdtemp(join(tmpdir(), 'operator-api-'))
    const config = loadConfig({ UNDERSTUDY_HOME: home, LOCAL_ADMIN_TOKEN: adminToken })
    const temporal = openTemporalClient(config)
    const log = pino({ level: 'silent' })
    open.app = await buildApp({
      log,
      metrics: createMetrics(() => Promise.resolve({ waitingEvents: 0, oldestWaitingMs: 0, messages: [] })),
      record: () => Promise.resolve(false),
      slackDoorsOf: () => undefined,
      xDoorOf: () => undefined,
      tensorflow: () => Promise.resolve(undefined),
      readiness: () => Promise.resolve({}),
      operator: {
        ...operatorDeps({ config, log, db: db(), client: temporal.client, bots }),
        restart: async (messageId, actor) => {
          const message = await reopenMessage(db(), messageId, actor)
          if (message) restarted.push(message.id)
          return message?.workflowId
        },
      },
    })
    open.release = async () => {
      await open.app?.close()
      await temporal.close()
      await rm(home, { recursive: true, force: true })
    }
  })
  after(() => open.release?.())
  const app = () => {
    if (open.app === undefined) throw new Error('the API is built before the tests')
    return open.app
  }
  return {
    app,
    restarted,
    asAdmin: ((options: object) =>
      app().inject({ ...options, headers: { authorization: `Bearer ${adminToken}` } })) as FastifyInstance['inject'],
    signIn: async (roles = {}) => {
      const who = { channel: 'http', workspace: '', platformUserId: `person-${Math.random()}` } as const
      const id = await personOf(db(), who)
      for (const [bot, role] of Object.entries(roles)) await changeRole(db(), { personId: id, bot, role, actor: 'test' })
      const session = await redeemSignInLink(db(), await createSignInLink(db(), id))
      return { id, cookie: `understudy_session=${session ?? ''}` }
    },
  }
}
