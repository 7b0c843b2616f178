import { sql } from 'kysely'
import type { Evidence } from '../../domain/rollout/evidence.ts'
import type { DecisionKind, RolloutKey } from '../../domain/rollout/rollout.ts'
import type { Db } from '../db.ts'
import { latestEvidence } from '../rollouts/evidence/evidence.ts'
import { rolloutOf, type StoredRollout } from '../rollouts/rollouts.ts'

/** A decision that holds, as a card tells of it. */
export interface MadeDecision {
  readonly decision: DecisionKind
  readonly evidenceHash: string
  /** It went past an inconclusive verdict. */
  readonly override: boolean
  readonly at: Date
  /** The platform's user id of a person who decided in Slack. */
  readonly slackUser: string | undefined
}

interface Row {
  readonly decision: DecisionKind
  readonly hash: string | null
  readonly override: boolean
  readonly at: Date
  readonly slack_user: string | null
}

/** The latest decision on a rollout that was applied. */
export async function madeDecision(db: Db, { bot, version }: RolloutKey): Promise<MadeDecision | undefined> {
  const { rows } = await sql<Row>`
    select decision, hash, override, at, case when channel = 'slack' then platform_user_id end as slack_user
    from decisions join people on people.id = person_id left join evidence on evidence.id = evidence_id
    where decisions.bot = ${bot} and decisions.version = ${version} and state = 'applied'
    order by at desc limit 1`.execute(db)
  return rows.map((row) => ({
    decision: row.decision,
    evidenceHash: row.hash ?? '',
    override: row.override,
    at: row.at,
    slackUser: row.slack_user ?? undefined,
  }))[0]
}

/** What the card of a rollout shows. */
export interface CardFacts {
  readonly rollout: StoredRollout
  readonly evidence: Evidence
  readonly decision: MadeDecision | undefined
}

/** What a card shows now; `undefined` before there is any evidence. */
export async function cardFacts(db: Db, key: RolloutKey): Promise<CardFacts | undefined> {
  const rollout = await rolloutOf(db, key)
  const evidence = await latestEvidence(db, key)
  return rollout && evidence && { rollout, evidence, decision: await madeDecision(db, key) }
}

/** The card is visible, and shows this evidence. The first post stays. */
export async function recordCard(
  db: Db,
  card: RolloutKey & { readonly postId: string; readonly evidenceId: string },
): Promise<void> {
  await sql`update rollouts set card_platform_id = coalesce(card_platform_id, ${card.postId}), card_evidence = ${card.evidenceId}
            where bot = ${card.bot} and version = ${card.version}`.execute(db)
}
