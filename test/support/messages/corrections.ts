import { randomUUID } from 'node:crypto'
import type { Choice } from '../../../domain/rendezvous/score.ts'
import type { InboundMessage, InboundVote } from '../../../domain/inbound.ts'
import { predictionId } from '../../../domain/prediction.ts'
import type { Role } from '../../../domain/people.ts'
import { saveChoices } from '../../../store/messages/choices.ts'
import type { Db } from '../../../store/db.ts'
import { acceptMessage, personOf } from '../../../store/messages/messages.ts'
import { intendReply, recordSent } from '../../../store/messages/replies.ts'
import { type AcceptedVote, acceptVote } from '../../../store/corrections/votes.ts'

export const bot = 'fedora-finder'
const team = 'T1'

let clock = 1_700_000_000
const nextTs = () => `${(clock += 1)}.000100`

export const choiceOf = (label: string): Choice => ({
  policy: 'primary-then-best',
  slot: 'main',
  version: 1,
  label,
  confidence: 0.7,
  known: true,
  reason: 'test',
  deadlineHit: false,
  candidates: [],
  probabilities: { [label]: 0.7 },
  late: [],
})

/** A message in Slack as a door would store it. */
export function messageInSlack(overrides: Partial<InboundMessage> = {}): InboundMessage {
  const ts = nextTs()
  return {
    bot,
    channel: 'slack',
    businessKey: `${bot}.${team}.C1.${ts}`,
    authorId: 'U0ASKER',
    address: { kind: 'slack-thread', team, channelId: 'C1', threadTs: ts },
    text: 'is this a fedora?',
    pictures: [],
    sentAt: '2026-01-02T03:04:05.000Z',
    ...overrides,
  }
}

/** A message that was answered: one label per picture. `replyTs` is the visible answer. */
export async function answered(
  db: Db,
  options: { readonly labels?: readonly string[]; readonly message?: Partial<InboundMessage> } = {},
) {
  const message = messageInSlack(options.message)
  const { id, workflowId } = await acceptMessage(db, message, { receivedAt: new Date(), newId: randomUUID() })
  const labels = options.labels ?? ['fedora']
  const choices = labels.map((label, position) => ({ position, choice: choiceOf(label), unsure: true }))
  await saveChoices(db, id, choices)
  const replyTs = nextTs()
  const intent = { key: `${workflowId}:reply`, messageId: id, kind: 'choice', text: 'fedora' } as const
  await recordSent(db, await intendReply(db, intent), { platformId: replyTs, adopted: false, outcome: 'answered' })
  return {
    id,
    message,
    replyTs,
    ref: { messageId: id, position: 0 },
    prediction: predictionId({ messageId: id, position: 0 }),
  }
}

/** A person in Slack says what an answer should have been. */
export const voteBy = (
  authorId: string,
  overrides: Partial<InboundVote> & Pick<InboundVote, 'target'>,
): InboundVote => ({
  bot,
  channel: 'slack',
  businessKey: `${bot}.${randomUUID()}`,
  authorId,
  via: 'button',
  address: { kind: 'slack-ephemeral', team, channelId: 'C1', userId: authorId },
  sentAt: '2026-01-02T03:04:06.000Z',
  ...overrides,
})

/** Keeps a vote as the relay does. */
export async function cast(
  db: Db,
  vote: InboundVote,
  options: { readonly receivedAt?: Date } = {},
): Promise<AcceptedVote> {
  const accepted = await acceptVote(db, vote, { newId: randomUUID(), receivedAt: options.receivedAt ?? new Date() })
  if (accepted.kind !== 'vote') throw new Error(`the vote was not accepted: ${accepted.kind}`)
  return accepted
}

/** Gives a person of the workspace a role. @returns our id of the person. */
export async function withRole(db: Db, platformUserId: string, role: Role, forBot = bot): Promise<string> {
  const personId = await personOf(db, { channel: 'slack', workspace: team, platformUserId })
  await db
    .insertInto('roles')
    .values({ person_id: personId, bot: forBot, role, granted_by: 'test', granted_at: new Date() })
    .execute()
  return personId
}
