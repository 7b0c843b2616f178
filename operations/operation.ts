import type { Logger } from 'pino'
import type { Bot } from '../domain/bot.ts'
import { ServiceUnavailable } from '../domain/errors.ts'
import { type Actor, mayAct, type Role } from '../domain/people.ts'
import type { Stories } from '../infra/temporal/stories.ts'
import type { Db, Trx } from '../store/db.ts'
import { keepResult, type KeyedRequest, takeKey } from '../store/operations.ts'

/** What operations stand on. */
export interface OperationContext {
  readonly db: Db
  /** Temporal's library is loaded with the first call that needs it: most operations need the database alone. */
  readonly stories: () => Promise<Stories>
  readonly log: Pick<Logger, 'warn'>
  /** Nothing by default; a test or a proof stops here. */
  readonly at: (point: OperationPoint) => void
}

/** `acted`: it is done, and nobody was told. */
export type OperationPoint = 'operation.acted'

/** Who asks, under which key; a key that comes again gets the result of the first time. */
export interface Asked {
  readonly actor: Actor
  readonly key: string
}

/** Why nothing was done. */
export type NotDone =
  | { readonly kind: 'not-allowed'; readonly role: Role }
  /** The key was used for another request. */
  | { readonly kind: 'other-request' }
  /** Temporal could not be asked: the same request may be made again. */
  | { readonly kind: 'unreachable' }

export interface Operation {
  readonly name: string
  readonly role: Role
}

const notDoneKinds: ReadonlySet<string> = new Set<NotDone['kind']>(['not-allowed', 'other-request', 'unreachable'])

/** Whether nothing was done. */
export const isNotDone = (done: { readonly kind: string }): done is NotDone => notDoneKinds.has(done.kind)

type Request = Asked & { readonly bot: Pick<Bot, 'name'> | string }

/** The request as its key keeps it: without who asks, and with the bot by its name. */
function keyed({ name }: Operation, { actor, key, bot, ...request }: Request): KeyedRequest {
  return { operation: name, bot: typeof bot === 'string' ? bot : bot.name, actor: actor.id, key, request }
}

function refuse({ log }: OperationContext, { name: operation, role }: Operation, bot: string): NotDone {
  log.warn({ bot, operation }, 'somebody without the role was refused')
  return { kind: 'not-allowed', role }
}

/** Does what needs the database alone: the act, its audit row and its result are one transaction. */
export async function inOneTransaction<Result>(
  context: OperationContext,
  operation: Operation,
  asked: Request,
  act: (trx: Trx) => Promise<Result>,
): Promise<Result | NotDone> {
  const request = keyed(operation, asked)
  if (!mayAct(asked.actor, request.bot, operation.role)) return refuse(context, operation, request.bot)
  const { db, at } = context
  const result = await db.transaction().execute(async (trx) => {
    const known = await takeKey(trx, request)
    if (known.kind === 'other-request') return { kind: known.kind } as const
    if (known.kind === 'done') return known.result as Result
    const done = await act(trx)
    await keepResult(trx, request, done)
    return done
  })
  at('operation.acted')
  return result
}

/**
 * Does what needs Temporal too. `act` may run again with the same key, after a process died in between, and then does nothing more.
 * @param keep writes the audit row, in the transaction of the result.
 */
export async function withTemporal<Result extends { readonly kind: string }, Prepared = undefined>(
  context: OperationContext,
  operation: Operation,
  asked: Request,
  steps: {
    /** Changes our records first, in the transaction that takes the key; `isFirst`: the key is new, so that it is audited. */
    readonly prepare?: (trx: Trx, isFirst: boolean) => Promise<Prepared>
    readonly act: (temporal: Stories, prepared: Prepared | undefined) => Promise<Result>
    /** Left out: `prepare` has written it. */
    readonly keep?: (trx: Trx, result: Result) => Promise<void>
  },
): Promise<Result | NotDone> {
  const request = keyed(operation, asked)
  if (!mayAct(asked.actor, request.bot, operation.role)) return refuse(context, operation, request.bot)
  const { db, stories, at, log } = context
  const { known, prepared } = await db.transaction().execute(async (trx) => {
    const taken = await takeKey(trx, request)
    const isOurs = taken.kind === 'new' || taken.kind === 'unfinished'
    return { known: taken, prepared: isOurs ? await steps.prepare?.(trx, taken.kind === 'new') : undefined }
  })
  if (known.kind === 'other-request') return { kind: known.kind }
  if (known.kind === 'done') return known.result as Result
  try {
    const result = await steps.act(await stories(), prepared)
    at('operation.acted')
    await db.transaction().execute(async (trx) => {
      await steps.keep?.(trx, result)
      await keepResult(trx, request, result)
    })
    return result
  } catch (error) {
    if (!(error instanceof ServiceUnavailable)) throw error
    log.warn({ operation: operation.name, bot: request.bot }, 'Temporal could not be asked; nothing was started')
    return { kind: 'unreachable' }
  }
}
