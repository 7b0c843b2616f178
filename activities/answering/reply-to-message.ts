import { replyKey } from '../../domain/keys.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { replyOffers, replyText } from '../../domain/words/reply-text.ts'
import { saveChoices } from '../../store/messages/choices.ts'
import { finishMessage, messageById, type StoredMessage as Stored } from '../../store/messages/messages.ts'
import type { Answer, Replied, ReplyRequest } from '../contract.ts'
import { postOnce, type PostDeps, type Posted } from '../post-once.ts'
import { tellElsewhere } from './tell-elsewhere.ts'
import { noticeKey } from './turn-cap.ts'

const kindOf = { choices: 'choice', refusal: 'refusal', apology: 'apology' } as const

/** By what the row says: an apology after an answer of unknown delivery says the answer. */
const outcomeOf = { choice: 'answered', refusal: 'refused', apology: 'failed' } as const

const isReplyKind = (kind: string): kind is keyof typeof outcomeOf => kind in outcomeOf

const outcomeBy = (posted: Posted): Outcome =>
  posted.kind !== 'undeliverable' && isReplyKind(posted.row.kind) ? outcomeOf[posted.row.kind] : 'failed'

const reasonOf = (answer: Answer) => (answer.kind === 'refusal' ? answer.refusal : undefined)

function repliedOf(posted: Posted): Replied {
  const outcome = outcomeBy(posted)
  return posted.kind === 'sent'
    ? { kind: 'sent', replyId: posted.platformId, outcome }
    : { kind: posted.kind, reason: posted.reason, outcome }
}

/** "I have said a lot here" is one post for everybody who writes there within the hour; any other answer is a post of its own. */
const keyFor = ({ message, workflowId }: Stored, answer: Answer): string =>
  (reasonOf(answer) === 'enough-said' ? noticeKey(message, Date.now()) : undefined) ?? replyKey(workflowId)

async function say(deps: PostDeps, stored: Stored, answer: Answer): Promise<Posted> {
  const { bot: name, channel, address, pictures, synthetic } = stored.message
  const bot = deps.botOf(name)
  const { id: messageId } = stored
  const names = pictures.map((picture) => picture.name)
  const kind = kindOf[answer.kind]
  return postOnce(deps, {
    key: keyFor(stored, answer),
    messageId,
    kind,
    text: replyText(answer, { bot, channel, messageId, names }),
    address,
    offers: replyOffers(answer, { bot, messageId }),
    // What a load test makes never leaves the house.
    channel: deps.channelOf(name, synthetic === true ? 'http' : channel),
    ends: { outcome: outcomeOf[kind], reason: reasonOf(answer) },
  })
}

/** `replyToMessage`: keeps the choice, then says it once. */
export const createReplyToMessage =
  (deps: PostDeps) =>
  async ({ messageId, answer }: ReplyRequest): Promise<Replied> => {
    const stored = await messageById(deps.db, messageId)
    if (answer.kind === 'choices') await saveChoices(deps.db, messageId, answer.choices)
    const posted = await say(deps, stored, answer)
    const replied = repliedOf(posted)
    const { outcome } = replied
    // A post that was made for another message ended that one only.
    const reason = reasonOf(answer)
    if (posted.row.messageId !== messageId)
      await finishMessage(deps.db, messageId, { outcome, ...(reason && { reason }) })
    if (posted.kind === 'undeliverable') await tellElsewhere(deps, stored, posted.reason)
    return replied
  }
