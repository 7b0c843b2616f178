import { type RawBuilder, sql } from 'kysely'
import type { ReplyAddress } from '../../domain/address.ts'
import type { ChannelName } from '../../domain/label.ts'
import type { InboundVote, VoteTarget } from '../../domain/inbound.ts'
import { slackBusinessKey, xBusinessKey } from '../../domain/keys.ts'
import type { PredictionRef } from '../../domain/prediction.ts'
import type { Db } from '../db.ts'
import { workspaceOf } from '../messages/messages.ts'

interface Row {
  readonly id: string
  readonly channel: ChannelName
  readonly address: ReplyAddress
  readonly position: number
  readonly label: string
  readonly asked: boolean
}

type Findable = Exclude<VoteTarget, { kind: 'picture' }>

/** The key that the message itself would have, for people who name what was asked instead of what was answered. */
const ownKey = (vote: InboundVote, place: string, id: string): string =>
  vote.channel === 'slack'
    ? slackBusinessKey(vote.bot, workspaceOf(vote.address), place, id)
    : xBusinessKey(vote.bot, id)

const inPlace = (place: string) =>
  place === ''
    ? sql<boolean>`true`
    : sql<boolean>`coalesce(messages.address ->> 'channelId', messages.address ->> 'participantId') = ${place}`

const answeredAs = (replyId: string) =>
  sql`select message_id from replies where platform_id = ${replyId} and kind = 'choice'`

function condition(vote: InboundVote, target: Findable, personId: string): RawBuilder<boolean> {
  switch (target.kind) {
    case 'prediction':
      return sql<boolean>`messages.id = ${target.messageId} and choices.position = ${target.position}`
    case 'reply':
      return sql<boolean>`${inPlace(target.place)} and messages.id in (
        ${answeredAs(target.replyId)}
        union select id from messages where business_key = ${ownKey(vote, target.place, target.replyId)})`
    case 'thread':
      // An answer to a command stands alone, and is the root of the thread below it.
      return sql<boolean>`${inPlace(target.place)} and messages.id in (
        ${answeredAs(target.threadTs)}
        union select id from messages
        where address ->> 'channelId' = ${target.place} and address ->> 'threadTs' = ${target.threadTs})`
    case 'latest':
      return sql<boolean>`${inPlace(target.place)} and messages.person_id = ${personId} and messages.intent != 'score-only'`
  }
}

/**
 * Whoever votes must be able to have seen the answer: in the same workspace, in the channel where people were asked about it,
 * or over HTTP, where the door has checked the person's role.
 */
function fits({ channel, address }: InboundVote, row: Row): boolean {
  if (channel === 'http') return true
  return row.asked || (row.channel === channel && workspaceOf(row.address) === workspaceOf(address))
}

/** Of an answer with several pictures the vote is about the only one that it contradicts; otherwise nobody can say which. */
function meant(rows: readonly Row[], label: string | undefined): Row | undefined {
  const [only, ...others] = rows
  if (others.length === 0) return only
  const contradicted = rows.filter((row) => row.label !== label)
  return contradicted.length === 1 ? contradicted[0] : undefined
}

/** The prediction that a vote is about, by the database alone, or `undefined` when it is none that this person may have seen. */
export async function predictionOf(
  db: Db,
  vote: InboundVote,
  options: { readonly target: Findable; readonly personId: string },
): Promise<(PredictionRef & { readonly channel: ChannelName }) | undefined> {
  const { rows } = await sql<Row>`
    select messages.id, messages.channel, messages.address, choices.position, choices.label,
           exists (select 1 from questions
                   where questions.message_id = messages.id and questions.position = choices.position) as asked
    from messages join choices on choices.message_id = messages.id
    where messages.bot = ${vote.bot} and messages.deleted_at is null
      and ${condition(vote, options.target, options.personId)}
    order by messages.received_at desc, messages.id, choices.position limit 20`.execute(db)
  const [latest] = rows
  const row = meant(
    rows.filter(({ id }) => id === latest?.id),
    vote.label,
  )
  return row && fits(vote, row) ? { messageId: row.id, position: row.position, channel: row.channel } : undefined
}
