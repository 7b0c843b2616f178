import { sql } from 'kysely'
import type { ReplyAddress } from '../../domain/address.ts'
import type { ChannelName } from '../../domain/label.ts'
import type { VoteVerdict } from '../../domain/correction.ts'
import type { InboundVote } from '../../domain/inbound.ts'
import { predictionId, type PredictionRef } from '../../domain/prediction.ts'
import { openCorrection } from './corrections.ts'
import type { Db } from '../db.ts'
import { personOf, workspaceOf } from '../messages/messages.ts'
import { predictionOf } from './vote-targets.ts'

/** A vote whose prediction is known: it can be counted. */
export interface AcceptedVote {
  readonly kind: 'vote'
  readonly bot: string
  /** That of the message, so that all votes on a prediction meet in one workflow. */
  readonly channel: ChannelName
  /** As in domain/prediction.ts. */
  readonly prediction: string
  readonly voteId: string
}

/** What becomes of a vote at first sight. */
export type Acceptance =
  | AcceptedVote
  /** It is about a picture that has to be scored before there is anything to correct. */
  | { readonly kind: 'score-first' }
  /** It is about nothing of this bot that the person may have seen, or about a message that is gone. */
  | { readonly kind: 'unknown-answer' }

interface Cast extends PredictionRef {
  readonly personId: string
  readonly newId: string
  readonly receivedAt: Date
}

/** Over HTTP, people see what became of their vote on the page. */
const addressOf = ({ address }: InboundVote) => (address.kind === 'http' ? null : JSON.stringify(address))

/** Writes the vote, or finds what an earlier delivery wrote. @returns our id of it, and what it is about. */
async function insertVote(db: Db, vote: InboundVote, cast: Cast): Promise<PredictionRef & { readonly voteId: string }> {
  const { rows } = await sql<{ id: string; message_id: string; position: number }>`
    insert into votes (id, business_key, message_id, position, bot, person_id, label, via, address, created_at)
    values (${cast.newId}, ${vote.businessKey}, ${cast.messageId}, ${cast.position}, ${vote.bot}, ${cast.personId},
            ${vote.label ?? null}, ${vote.via}, ${addressOf(vote)}, ${cast.receivedAt})
    on conflict (business_key) do update set business_key = excluded.business_key
    returning id, message_id, position`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('an inserted vote came back without a row')
  return { voteId: row.id, messageId: row.message_id, position: row.position }
}

const votingPerson = (db: Db, { channel, address, authorId }: InboundVote): Promise<string> =>
  personOf(db, { channel, workspace: workspaceOf(address), platformUserId: authorId })

/** An earlier delivery of the same vote stays with what it was about then. */
async function acceptedBefore(db: Db, { businessKey }: InboundVote): Promise<AcceptedVote | undefined> {
  const { rows } = await sql<WaitingRow>`${selectVotes} where votes.business_key = ${businessKey}`.execute(db)
  return rows.map(acceptedOf)[0]
}

/**
 * Makes the person's row, finds the prediction with the database alone, and keeps the vote and its open correction. A second
 * call finds what the first one made.
 */
export async function acceptVote(
  db: Db,
  vote: InboundVote,
  options: { readonly newId: string; readonly receivedAt: Date },
): Promise<Acceptance> {
  const { target } = vote
  if (target.kind === 'picture') return { kind: 'score-first' }
  const before = await acceptedBefore(db, vote)
  if (before) return before
  return db.transaction().execute(async (trx) => {
    const personId = await votingPerson(trx, vote)
    const found = await predictionOf(trx, vote, { target, personId })
    if (found === undefined) return { kind: 'unknown-answer' }
    const { voteId, ...ref } = await insertVote(trx, vote, { ...found, ...options, personId })
    await openCorrection(trx, { ...ref, bot: vote.bot })
    return { kind: 'vote', bot: vote.bot, channel: found.channel, prediction: predictionId(ref), voteId }
  })
}

/** Keeps a vote on the only picture of a message that has yet to be scored. A second call changes nothing. */
export async function voteOnMessage(
  db: Db,
  vote: InboundVote,
  options: { readonly id: string; readonly newId: string; readonly receivedAt: Date },
): Promise<void> {
  const { id: messageId, newId, receivedAt } = options
  const personId = await votingPerson(db, vote)
  await insertVote(db, vote, { messageId, position: 0, personId, newId, receivedAt })
}

interface WaitingRow {
  readonly id: string
  readonly bot: string
  readonly channel: ChannelName
  readonly message_id: string
  readonly position: number
}

const acceptedOf = (row: WaitingRow): AcceptedVote => ({
  kind: 'vote',
  bot: row.bot,
  channel: row.channel,
  prediction: predictionId({ messageId: row.message_id, position: row.position }),
  voteId: row.id,
})

const selectVotes = sql`
  select votes.id, votes.bot, messages.channel, votes.message_id, votes.position
  from votes join messages on messages.id = votes.message_id
  join choices on choices.message_id = votes.message_id and choices.position = votes.position`

/** The votes on a message that have yet to be counted, in the order in which they were cast. */
export async function votesWaitingFor(db: Db, messageId: string): Promise<readonly AcceptedVote[]> {
  const { rows } = await sql<WaitingRow>`
    ${selectVotes} where votes.message_id = ${messageId} and votes.verdict is null
    order by votes.created_at, votes.id`.execute(db)
  return rows.map(acceptedOf)
}

/**
 * Votes that should have been counted for at least `olderThanMs`, oldest first: what is handed on again when Temporal has
 * lost its store.
 */
export async function overdueVotes(
  db: Db,
  options: { readonly olderThanMs: number; readonly limit: number },
): Promise<readonly AcceptedVote[]> {
  const { rows } = await sql<WaitingRow>`
    ${selectVotes} where votes.verdict is null
      and votes.created_at < now() - ${options.olderThanMs} * interval '1 millisecond'
    order by votes.created_at, votes.id limit ${options.limit}`.execute(db)
  return rows.map(acceptedOf)
}

/** A vote as it was cast. */
export interface KeptVote extends PredictionRef {
  readonly id: string
  readonly bot: string
  readonly personId: string
  /** A label's id; absent: "can't tell". */
  readonly label: string | undefined
  /** Absent until it was counted. */
  readonly verdict: VoteVerdict | undefined
  /** Where the person is told; absent when they see it on the page. */
  readonly address: ReplyAddress | undefined
  readonly channel: ChannelName
}

/** @throws Error when there is no such vote. */
export async function voteById(db: Db, id: string): Promise<KeptVote> {
  const { rows } = await sql<
    Omit<WaitingRow, 'id'> & {
      readonly person_id: string
      readonly label: string | null
      readonly verdict: VoteVerdict | null
      readonly address: ReplyAddress | null
    }
  >`
    select message_id, position, bot, person_id, label, verdict, address, people.channel
    from votes join people on people.id = person_id where votes.id = ${id}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('there is no such vote')
  return {
    id,
    messageId: row.message_id,
    position: row.position,
    bot: row.bot,
    personId: row.person_id,
    label: row.label ?? undefined,
    verdict: row.verdict ?? undefined,
    address: row.address ?? undefined,
    channel: row.channel,
  }
}
