import { type RawBuilder, sql } from 'kysely'
import type { ReplyAddress } from '../../domain/address.ts'
import type { ChannelName } from '../../domain/label.ts'
import type { InboundRequest } from '../../domain/inbound.ts'
import type { DecisionKind } from '../../domain/rollout/rollout.ts'
import { appendAudit } from '../audit.ts'
import type { Db, Trx } from '../db.ts'
import { recordEvent } from '../messages/inbound-events.ts'
import { type DecisionToCheck, isOverride, whyRefused } from './check-decision.ts'
import { type DecisionRefusal, refusalText } from './refusals.ts'

export interface DecisionRequest extends DecisionToCheck {
  /** The person's words; they stay in the decision's row. */
  readonly reason: string
  /** Where the person is told; absent when they see it on the page. */
  readonly address?: ReplyAddress | undefined
  /** Our id of it, if it is new. */
  readonly newId: string
}

/** What became of a decision at first sight. */
export type DecisionAnswer =
  /** To be handed to the rollout. */
  | { readonly kind: 'requested'; readonly decisionId: string }
  | { readonly kind: 'applied'; readonly decisionId: string }
  | { readonly kind: 'refused'; readonly decisionId: string; readonly refusal: DecisionRefusal; readonly text: string }

type DecisionState = 'requested' | 'applied' | 'refused'

/** A double click, and a delivery that comes twice, are one decision. */
const keyOf = ({ bot, version, evidenceId, decision, personId }: DecisionToCheck): string =>
  [bot, version, evidenceId, decision, personId].join(':')

async function underWay(db: Db, request: DecisionToCheck): Promise<DecisionAnswer | undefined> {
  const { rows } = await sql<{ id: string; state: DecisionState }>`
    select id, state from decisions where business_key = ${keyOf(request)}`.execute(db)
  const [row] = rows
  return row === undefined || row.state === 'refused' ? undefined : { kind: row.state, decisionId: row.id }
}

/** One that was refused may be asked for again: the situation may be another. */
async function keep(trx: Trx, request: DecisionRequest, refusal: DecisionRefusal | undefined): Promise<DecisionAnswer> {
  const { bot, version, evidenceId, decision, personId, reason, newId } = request
  const state = refusal === undefined ? 'requested' : 'refused'
  const override = refusal === undefined && (await isOverride(trx, request))
  const address = request.address === undefined ? null : JSON.stringify(request.address)
  const { rows } = await sql<{ id: string }>`
    insert into decisions (id, business_key, bot, version, evidence_id, decision, person_id, reason, override, state, refusal, address)
    values (${newId}, ${keyOf(request)}, ${bot}, ${version}, ${evidenceId}, ${decision}, ${personId}, ${reason}, ${override},
            ${state}, ${refusal ?? null}, ${address})
    on conflict (business_key) do update set id = excluded.id, reason = excluded.reason, override = excluded.override,
      state = excluded.state, refusal = excluded.refusal, address = excluded.address, at = now()
      where decisions.state = 'refused'
    returning id`.execute(trx)
  const [row] = rows
  if (row === undefined) {
    // The same click was kept by another process since we looked.
    const other = await underWay(trx, request)
    if (other === undefined) throw new Error('a decision that was there has no row')
    return other
  }
  if (refusal === undefined) return { kind: 'requested', decisionId: row.id }
  await auditRefusal(trx, request, { decisionId: row.id, refusal })
  return { kind: 'refused', decisionId: row.id, refusal, text: refusalText(refusal) }
}

const auditRefusal = (
  trx: Trx,
  { bot, version, evidenceId, decision, personId }: DecisionToCheck,
  { decisionId, refusal }: { readonly decisionId: string; readonly refusal: string },
): Promise<void> =>
  appendAudit(trx, {
    actor: personId,
    action: 'decision.refused',
    subject: `${bot}:${version}`,
    details: { decision, decisionId, evidenceId, refusal },
  })

/** Whoever goes past an inconclusive verdict says why; the record of it is what others have to go by. */
const isUnexplained = async (db: Db, request: DecisionRequest): Promise<boolean> =>
  request.reason.trim() === '' && (await isOverride(db, request))

/**
 * A person wants to decide on a version: checked, and kept. What is refused is kept and audited too. Whoever gets `requested`
 * hands the decision to the rollout's workflow, by its ids alone. A second call finds what the first one made.
 */
export async function requestDecision(db: Db, request: DecisionRequest): Promise<DecisionAnswer> {
  return db.transaction().execute(async (trx) => {
    const before = await underWay(trx, request)
    if (before !== undefined) return before
    const refusal = (await whyRefused(trx, request)) ?? ((await isUnexplained(trx, request)) ? 'no-reason' : undefined)
    return keep(trx, request, refusal)
  })
}

/** A decision as it stands. */
export interface Decision extends DecisionToCheck {
  readonly id: string
  readonly state: DecisionState
  readonly refusal: string | undefined
  readonly override: boolean
  readonly address: ReplyAddress | undefined
  readonly at: Date
}

interface Row {
  readonly id: string
  readonly bot: string
  readonly version: number
  readonly evidence_id: string
  readonly decision: DecisionKind
  readonly person_id: string
  readonly override: boolean
  readonly state: DecisionState
  readonly refusal: string | null
  readonly address: ReplyAddress | null
  readonly at: Date
}

const decisionOf = (row: Row): Decision => ({
  id: row.id,
  bot: row.bot,
  version: row.version,
  evidenceId: row.evidence_id,
  decision: row.decision,
  personId: row.person_id,
  override: row.override,
  state: row.state,
  refusal: row.refusal ?? undefined,
  address: row.address ?? undefined,
  at: row.at,
})

const columns = sql`id, bot, version, evidence_id, decision, person_id, override, state, refusal, address, at`

/** Anything may be named as a decision by whoever signals a workflow by hand; only an id of ours is one. */
const isId = (id: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)

/** @param options.lock keeps everybody else from changing it until the transaction ends. */
export async function decisionById(
  db: Db,
  id: string,
  options: { readonly lock?: boolean } = {},
): Promise<Decision | undefined> {
  if (!isId(id)) return undefined
  const { rows } = await sql<Row>`
    select ${columns} from decisions where id = ${id} ${options.lock === true ? sql`for update` : sql``}`.execute(db)
  return rows.map(decisionOf)[0]
}

/** Decisions that were refused within the last day, whose people are told somewhere. */
export async function refusedLately(
  db: Db,
  { bot, version }: { readonly bot: string; readonly version: number },
): Promise<readonly Decision[]> {
  const { rows } = await sql<Row>`
    select ${columns} from decisions
    where bot = ${bot} and version = ${version} and state = 'refused' and address is not null
      and at > now() - interval '1 day'
    order by at limit 50`.execute(db)
  return rows.map(decisionOf)
}

/**
 * Gives decisions that nobody has handed on or applied for a while to the relay, the oldest first: Temporal was out, or whoever had
 * taken them is gone. Once an hour at most for each, because one that was given is tried again for longer.
 */
export async function recordOverdueDecisions(
  db: Db,
  { olderThanMs, limit }: { readonly olderThanMs: number; readonly limit: number },
): Promise<void> {
  const { rows } = await sql<Row & { readonly channel: ChannelName; readonly author: string; readonly reason: string }>`
    select decisions.*, people.channel, people.platform_user_id as author
    from decisions join people on people.id = person_id
    where state = 'requested' and at < now() - ${olderThanMs} * interval '1 millisecond'
    order by at limit ${limit}`.execute(db)
  for (const { channel, author: authorId, reason, ...row } of rows) {
    const { id, bot, version, evidenceId, decision, at, address = { kind: 'http' } } = decisionOf(row)
    const businessKey = `${bot}.decision.${id}.${new Date().toISOString().slice(0, 13)}`
    const said = { bot, channel, businessKey, authorId, address, sentAt: at.toISOString() }
    const request: InboundRequest = { kind: 'decision', decision: { ...said, version, evidenceId, decision, reason } }
    const event = { kind: 'request', transportKey: `overdue:${businessKey}`, eventType: 'overdue', request } as const
    await recordEvent(db, event, { bot, channel })
  }
}

/** Only what nobody has applied or refused yet, each with an audit row. */
async function refuse(trx: Trx, which: RawBuilder<unknown>, refusal: string): Promise<void> {
  const { rows } = await sql<Row>`
    update decisions set state = 'refused', refusal = ${refusal}
    where ${which} and state = 'requested' returning ${columns}`.execute(trx)
  for (const row of rows) await auditRefusal(trx, decisionOf(row), { decisionId: row.id, refusal })
}

/** A decision that was let through at the door is refused after all, with an audit row. Repeating it changes nothing. */
export async function refuseDecision(db: Db, decisionId: string, refusal: string): Promise<void> {
  if (!isId(decisionId)) return
  await db.transaction().execute((trx) => refuse(trx, sql`id = ${decisionId}`, refusal))
}

/**
 * Refuses the decisions on a rollout that nobody has applied, with an audit row for each. The caller holds the rollout's lock,
 * and has written nothing to the audit before: decisions are locked first, as wherever one is refused.
 */
export async function refuseRequested(
  trx: Trx,
  { bot, version }: { readonly bot: string; readonly version: number },
  refusal: DecisionRefusal,
): Promise<void> {
  await refuse(trx, sql`bot = ${bot} and version = ${version}`, refusal)
}
