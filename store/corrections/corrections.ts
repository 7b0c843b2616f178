import { sql } from 'kysely'
import type { ChannelName } from '../../domain/label.ts'
import type { Answer, CorrectionState, HeldBack, Standing, Vote } from '../../domain/correction.ts'
import type { PredictionRef } from '../../domain/prediction.ts'
import type { Db } from '../db.ts'

/** The row of a prediction's correction; a second call changes nothing. */
export async function openCorrection(db: Db, prediction: PredictionRef & { readonly bot: string }): Promise<void> {
  await sql`
    insert into corrections (message_id, position, bot)
    values (${prediction.messageId}, ${prediction.position}, ${prediction.bot})
    on conflict do nothing`.execute(db)
}

/** What a correction says of itself: where it comes from, and whether it may be learned from. */
export interface Provenance {
  readonly channel: ChannelName
  /** Whether what is said in this channel may be learned from. */
  readonly consent: 'granted' | 'withheld'
  /** The version that predicted, and what it said. */
  readonly predictedBy: { readonly slot: string; readonly version: number; readonly label: string }
  /** The votes that stand, by our ids, and the one that made the latest change. */
  readonly votes: readonly string[]
  readonly changedBy: string
  /** Why it waits for a reviewer although a quorum has settled it. */
  readonly heldBack?: HeldBack | undefined
  /** People, or a reviewer, had settled once that the answer was right; whoever changes it hands that on. */
  readonly wasConfirmed?: true
}

/** A correction as it stands. */
export interface Correction extends PredictionRef {
  readonly bot: string
  readonly channel: ChannelName
  readonly state: CorrectionState
  readonly label: string | undefined
  readonly decidedBy: Standing['decidedBy']
  readonly revision: number
  /** The vote that made the latest change. */
  readonly changedBy: string | undefined
  readonly heldBack: HeldBack | undefined
  readonly predicted: Provenance['predictedBy'] & Answer & { readonly known: boolean }
  /** The message was taken back by its author. */
  readonly deleted: boolean
}

interface Row {
  readonly bot: string
  readonly channel: ChannelName
  readonly state: CorrectionState
  readonly label: string | null
  readonly decided_by: 'quorum' | 'reviewer' | null
  readonly revision: number
  readonly provenance: Partial<Provenance>
  readonly slot: string
  readonly version: number
  readonly predicted: string
  readonly confidence: number
  readonly known: boolean
  readonly deleted: boolean
}

/**
 * @param options.lock keeps everybody else from changing it until the transaction ends.
 * @returns `undefined` when nobody has voted on it and nobody was asked.
 */
export async function correctionOf(
  db: Db,
  { messageId, position }: PredictionRef,
  options: { readonly lock?: boolean } = {},
): Promise<Correction | undefined> {
  const { rows } = await sql<Row>`
    select corrections.bot, channel, state, corrections.label, decided_by, revision, provenance,
           choices.slot, choices.version, choices.label as predicted, confidence, known, deleted_at is not null as deleted
    from corrections join messages on messages.id = corrections.message_id
    join choices on choices.message_id = corrections.message_id and choices.position = corrections.position
    where corrections.message_id = ${messageId} and corrections.position = ${position}
    ${options.lock === true ? sql`for update of corrections` : sql``}`.execute(db)
  const [row] = rows
  return (
    row && {
      messageId,
      position,
      bot: row.bot,
      channel: row.channel,
      state: row.state,
      label: row.label ?? undefined,
      decidedBy: row.decided_by ?? undefined,
      revision: row.revision,
      changedBy: row.provenance.changedBy,
      heldBack: row.provenance.heldBack,
      predicted: {
        slot: row.slot,
        version: row.version,
        label: row.predicted,
        confidence: row.confidence,
        known: row.known,
        wasConfirmed: row.state === 'confirmed' || row.provenance.wasConfirmed === true,
      },
      deleted: row.deleted,
    }
  )
}

/** A vote that stands, with where its person is told. */
export interface StandingVote extends Vote {
  readonly id: string
  /** False for people on X, who get one reply per interaction, and for those who look at the page. */
  readonly canBeTold: boolean
  /** Where its person is, and since when we have known them. */
  readonly channel: ChannelName
  readonly knownSince: Date
}

/** The votes that stand, in the order in which they were cast. */
export async function standingVotes(db: Db, { messageId, position }: PredictionRef): Promise<readonly StandingVote[]> {
  const { rows } = await sql<{
    id: string
    person_id: string
    label: string | null
    reviewer: boolean
    can_be_told: boolean
    channel: ChannelName
    known_since: Date
  }>`
    select votes.id, person_id, label, reviewer, coalesce(address ->> 'kind' like 'slack-%', false) as can_be_told, channel,
           people.created_at as known_since
    from votes join people on people.id = person_id
    where message_id = ${messageId} and position = ${position} and verdict = 'counted'
    order by votes.created_at, votes.id`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    person: row.person_id,
    ...(row.label !== null && { label: row.label }),
    reviewer: row.reviewer,
    canBeTold: row.can_be_told,
    channel: row.channel,
    knownSince: row.known_since,
  }))
}

/**
 * Changes a correction that nobody has changed since it was read.
 * @throws Error when somebody has: whoever changes it holds its lock.
 */
export async function changeCorrection(
  db: Db,
  correction: Correction,
  change: Pick<Correction, 'state' | 'label' | 'decidedBy'> & {
    readonly settled: boolean
    readonly provenance: Provenance
  },
): Promise<void> {
  const { messageId, position, revision, predicted } = correction
  const wasConfirmed = predicted.wasConfirmed || change.state === 'confirmed'
  const provenance: Provenance = { ...change.provenance, ...(wasConfirmed && { wasConfirmed }) }
  const result = await db
    .updateTable('corrections')
    .set({
      state: change.state,
      label: change.label ?? null,
      decided_by: change.decidedBy ?? null,
      provenance: JSON.stringify(provenance),
      revision: revision + 1,
      decided_at: change.settled ? sql<Date>`now()` : null,
    })
    .where('message_id', '=', messageId)
    .where('position', '=', position)
    .where('revision', '=', revision)
    .executeTakeFirst()
  if (result.numUpdatedRows !== 1n) throw new Error('the correction was changed without its lock')
}

/** The platform's id of the visible answer to a message, or `undefined`. */
export async function answerPostOf(db: Db, messageId: string): Promise<string | undefined> {
  const { rows } = await sql<{ platform_id: string }>`
    select platform_id from replies
    where message_id = ${messageId} and kind = 'choice' and platform_id is not null
    order by created_at limit 1`.execute(db)
  return rows[0]?.platform_id
}
