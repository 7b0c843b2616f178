import type { FastifyBaseLogger } from 'fastify'
import type { Blobs } from '../../adapters/blobs/files.ts'
import type { Bot } from '../../domain/bot.ts'
import type { OperationContext } from '../../operations/operation.ts'
import type { Db } from '../../store/db.ts'
import type { Check } from '../contract/bots.ts'

/** What the operator API stands on. */
export interface OperatorDeps {
  readonly log: FastifyBaseLogger
  readonly db: Db
  readonly blobs: Pick<Blobs, 'get' | 'put'>
  readonly operations: OperationContext
  /** As they are now. */
  readonly bots: () => readonly Bot[]
  /** Reads again which labels people have added. */
  readonly refreshBots: () => Promise<void>
  /** Resolves once the database has answered for the first time; rejects while it is down. */
  readonly ready: () => Promise<void>
  /** Opens everything on this machine; absent where there is no local administrator. */
  readonly localAdminToken: string | undefined
  /** Where people reach us; where the request came to when it is left out. */
  readonly publicUrl: string | undefined
  readonly temporalUiUrl: string
  readonly temporalNamespace: string
  /** Pages on which a person can talk to the bots: those of the simulators. */
  readonly talkAt: readonly { readonly channel: string; readonly url: string }[]
  readonly doctor: () => Promise<readonly Check[]>
}
