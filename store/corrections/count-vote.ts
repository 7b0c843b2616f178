import { sql } from 'kysely'
import type { ChannelName } from '../../domain/label.ts'
import {
  type CorrectionRules,
  type CorrectionState,
  isSettled,
  type KnownVote,
  outcomeOf,
  standingOf,
  verdictOf,
  type VoteVerdict,
} from '../../domain/correction.ts'
import { mayAct, type Role } from '../../domain/people.ts'
import { predictionId } from '../../domain/prediction.ts'
import { appendAudit } from '../audit.ts'
import {
  changeCorrection,
  type Correction,
  correctionOf,
  openCorrection,
  type StandingVote,
  standingVotes,
} from './corrections.ts'
import type { Db, Trx } from '../db.ts'
import { type KeptVote, voteById } from './votes.ts'

/** What counting depends on, beside the records. */
export interface CountingRules {
  readonly rulesOf: (bot: string) => CorrectionRules
  /** Whether what people say there may be learned from (docs/rules.md, rule 8). */
  readonly learnsFrom: (channel: ChannelName) => boolean
}

/** A vote that was counted, and where its prediction stands now. */
export interface Counted {
  readonly vote: KeptVote
  readonly verdict: VoteVerdict
  readonly correction: Correction
  readonly votes: number
  readonly needed: number
  /** Whether this vote made the latest change. */
  readonly changed: boolean
  readonly standing: readonly StandingVote[]
}

async function isReviewer(trx: Trx, { personId, bot }: KeptVote): Promise<boolean> {
  const { rows } = await sql<{ bot: string; role: Role }>`
    select bot, role from roles where person_id = ${personId} and bot in (${bot}, '*')`.execute(trx)
  return mayAct({ id: personId, roles: Object.fromEntries(rows.map((row) => [row.bot, row.role])) }, bot, 'reviewer')
}

/** The person's counted votes on other predictions of the bot, and whether a later one on this prediction is among them. */
async function earlierVotes(
  trx: Trx,
  vote: KeptVote,
): Promise<{ readonly today: number; readonly overtaken: boolean }> {
  const isThis = sql`message_id = ${vote.messageId} and position = ${vote.position}`
  const { rows } = await sql<{ today: number; overtaken: boolean }>`
    select count(*) filter (where not (${isThis}) and counted_at > now() - interval '24 hours')::int as today,
           coalesce(bool_or(${isThis} and created_at > (select created_at from votes where id = ${vote.id})), false) as overtaken
    from votes where person_id = ${vote.personId} and bot = ${vote.bot} and verdict = 'counted'`.execute(trx)
  return rows[0] ?? { today: 0, overtaken: false }
}

/** One vote per person: the latest one takes the place of those before. */
async function recordVerdict(
  trx: Trx,
  vote: KeptVote,
  result: { readonly verdict: VoteVerdict; readonly reviewer: boolean },
): Promise<void> {
  const { verdict, reviewer } = result
  if (verdict === 'counted')
    await sql`update votes set verdict = 'superseded'
              where message_id = ${vote.messageId} and position = ${vote.position} and person_id = ${vote.personId}
                and verdict = 'counted'`.execute(trx)
  await sql`update votes set verdict = ${verdict}, reviewer = ${reviewer}, counted_at = now()
            where id = ${vote.id}`.execute(trx)
}

async function judge(trx: Trx, vote: KeptVote, options: CountingRules & { readonly correction: Correction }) {
  const { correction, rulesOf } = options
  const reviewer = await isReviewer(trx, vote)
  const { today, overtaken } = await earlierVotes(trx, vote)
  const { state, decidedBy, deleted } = correction
  const situation = { reviewer, deleted, state, decidedBy, countedToday: today, overtaken }
  const verdict = verdictOf(situation, rulesOf(vote.bot))
  await recordVerdict(trx, vote, { verdict, reviewer })
  return verdict
}

/** What was settled, or is no longer, is told in the audit. */
async function auditChange(
  trx: Trx,
  vote: KeptVote,
  options: {
    readonly before: Correction
    readonly state: CorrectionState
    readonly label: string | undefined
    readonly decidedBy: string | undefined
  },
): Promise<void> {
  const { before, state, label, decidedBy } = options
  if (!isSettled(before.state) && !isSettled(state)) return
  await appendAudit(trx, {
    actor: vote.personId,
    action: `correction.${state}`,
    subject: predictionId(vote),
    details: {
      bot: vote.bot,
      vote: vote.id,
      before: before.state,
      label,
      decidedBy,
      predicted: before.predicted.label,
    },
  })
}

type Counting = CountingRules & { readonly correction: Correction; readonly standing: readonly StandingVote[] }

const withAge = (vote: StandingVote): KnownVote => ({
  ...vote,
  knownForMs: Math.max(0, Date.now() - vote.knownSince.getTime()),
})

/** Where the standing votes put the correction, in a channel that may be learned from or not. */
function placeOf(vote: KeptVote, { correction, standing, rulesOf, learnsFrom }: Counting) {
  const outcome = outcomeOf(standing.map(withAge), correction.predicted, rulesOf(vote.bot))
  const granted = learnsFrom(correction.channel)
  const isUseful = outcome.state === 'accepted' || outcome.state === 'confirmed'
  const state: CorrectionState = isUseful && !granted ? 'quarantined' : outcome.state
  const settled = isSettled(state)
  return {
    state,
    settled,
    granted,
    label: settled ? outcome.label : undefined,
    decidedBy: settled ? outcome.decidedBy : undefined,
    // Where nothing is learned, no reviewer is waited for.
    heldBack: granted || state === 'conflicted' ? outcome.heldBack : undefined,
  }
}

type Place = ReturnType<typeof placeOf>

/** A conflict that the reviewers were asked about is not asked about again because people change their minds once more. */
const isWhereItWas = (correction: Correction, { state, label, decidedBy, heldBack }: Place): boolean =>
  state === correction.state &&
  label === correction.label &&
  decidedBy === correction.decidedBy &&
  (heldBack === correction.heldBack || (state === 'conflicted' && heldBack === undefined))

/** Brings the correction to where the standing votes put it. */
async function settle(trx: Trx, vote: KeptVote, options: Counting): Promise<void> {
  const { correction, standing: votes } = options
  const { slot, version, label: predicted } = correction.predicted
  const place = placeOf(vote, options)
  if (isWhereItWas(correction, place)) return
  const { state, label, decidedBy, settled, granted, heldBack } = place
  const provenance = {
    channel: correction.channel,
    consent: granted ? 'granted' : 'withheld',
    predictedBy: { slot, version, label: predicted },
    votes: votes.map(({ id }) => id),
    changedBy: vote.id,
    heldBack,
  } as const
  await changeCorrection(trx, correction, { state, label, decidedBy, settled, provenance })
  await auditChange(trx, vote, { before: correction, state, label, decidedBy })
}

async function lockedCorrection(trx: Trx, vote: KeptVote): Promise<Correction> {
  const correction = await correctionOf(trx, vote, { lock: true })
  if (correction === undefined) throw new Error('there is no prediction to correct')
  return correction
}

/**
 * Counts a vote, in one transaction: what the person may do, the daily limit, the person's earlier vote, the state by
 * compare-and-set, and the audit row. A vote that was counted before changes nothing, and is reported as it was.
 * @throws Error when there is no such vote, or nothing was predicted: a workflow never runs before the rows are committed.
 */
export async function countVote(db: Db, voteId: string, rules: CountingRules): Promise<Counted> {
  return db.transaction().execute(async (trx) => {
    const { personId } = await voteById(trx, voteId)
    // The limit holds over all predictions, so a person's votes are counted one after the other, and always locked first.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`votes:${personId}`}, 0))`.execute(trx)
    const vote = await voteById(trx, voteId)
    await openCorrection(trx, vote)
    const correction = await lockedCorrection(trx, vote)
    const verdict = vote.verdict ?? (await judge(trx, vote, { ...rules, correction }))
    const standing = await standingVotes(trx, vote)
    if (vote.verdict === undefined && verdict === 'counted') await settle(trx, vote, { ...rules, correction, standing })
    const now = await lockedCorrection(trx, vote)
    const { votes, needed } = standingOf(standing, now.predicted.label, rules.rulesOf(vote.bot))
    return { vote, verdict, correction: now, votes, needed, changed: now.changedBy === vote.id, standing }
  })
}
