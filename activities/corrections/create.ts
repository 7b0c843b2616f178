import type { ReplyAddress } from '../../domain/address.ts'
import type { ChannelName } from '../../domain/label.ts'
import type { Bot } from '../../domain/bot.ts'
import { isSettled } from '../../domain/correction.ts'
import { newHereText, receiptText, settledText, toAskerText } from '../../domain/words/correction-words.ts'
import { answerPostOf, correctionOf } from '../../store/corrections/corrections.ts'
import { type Counted, type CountingRules, countVote } from '../../store/corrections/count-vote.ts'
import { questionOf } from '../../store/corrections/questions.ts'
import { voteById } from '../../store/corrections/votes.ts'
import { messageById, type StoredMessage } from '../../store/messages/messages.ts'
import { type AskDeps, createAskPeople, createAskReviewers, createCloseQuestion, refOf } from './ask-people.ts'
import type { ConversationActivities } from '../contract.ts'
import type { CorrectionActivities, Recipient, Tally } from '../correction-contract.ts'
import type { CoordinatorMessage, LearningActivities } from '../learning-contract.ts'
import { postOnce } from '../post-once.ts'
import { tellUnlessOptedOut } from './tell-unless-opted-out.ts'

export interface CorrectionDeps extends AskDeps, CountingRules {
  /** Hands a message to a bot's coordinator. */
  readonly tellCoordinator: (message: CoordinatorMessage) => Promise<void>
}

/** The asker hears what came of a question that was asked for them, and that the answer they got was wrong. */
async function askerIsTold(deps: CorrectionDeps, { correction, vote, standing }: Counted): Promise<boolean> {
  // A reviewer has to look at the correction first.
  if (correction.heldBack !== undefined) return false
  const { message, personId } = await messageById(deps.db, correction.messageId)
  const hasVoted = vote.personId === personId || standing.some(({ person }) => person === personId)
  if (hasVoted || message.synthetic === true || !message.address.kind.startsWith('slack-')) return false
  if (correction.label !== undefined && correction.label !== correction.predicted.label) return true
  return (await questionOf(deps.db, correction)) !== undefined
}

/** Whom to tell that it is settled, beside the person whose vote settled it. */
async function othersOf(deps: CorrectionDeps, counted: Counted): Promise<readonly Recipient[]> {
  const voters = counted.standing
    .filter(({ person, canBeTold }) => person !== counted.vote.personId && canBeTold)
    .map(({ id: voteId }) => ({ kind: 'voter', voteId }) as const)
  return (await askerIsTold(deps, counted)) ? [...voters, { kind: 'asker' }] : voters
}

function changeOf({ changed, correction: { state } }: Counted): Tally['change'] {
  if (!changed) return 'nothing'
  if (isSettled(state)) return 'settled'
  return state === 'conflicted' ? 'conflicted' : 'reopened'
}

async function tallyOf(deps: CorrectionDeps, counted: Counted): Promise<Tally> {
  const { verdict, correction, votes: count, needed } = counted
  const change = changeOf(counted)
  const label = correction.label ?? (correction.state === 'open' ? counted.vote.label : undefined)
  return {
    verdict,
    state: correction.state,
    ...(correction.heldBack !== undefined && { heldBack: correction.heldBack }),
    ...(label !== undefined && { label }),
    votes: count,
    needed,
    revision: correction.revision,
    change,
    others: change === 'settled' ? await othersOf(deps, counted) : [],
  }
}

/** A text to one person or thread, once. What went wrong for good is in the reply's row. */
interface Note {
  readonly key: string
  readonly messageId: string
  readonly kind: 'receipt' | 'notice'
  readonly bot: Bot
  readonly channel: ChannelName
  readonly address: ReplyAddress
  readonly text: string
}

async function tell(deps: CorrectionDeps, note: Note): Promise<void> {
  const { key, messageId, kind, bot, channel, address } = note
  // X refuses a text that the account has posted before (403, once code 187).
  const text =
    channel === 'x' ? `${note.text} · ${key.replaceAll('-', '').split(':').at(-1)?.slice(0, 8) ?? ''}` : note.text
  await postOnce(deps, { key, messageId, kind, text, address, channel: deps.channelOf(bot.name, channel) })
}

/** `tellVoter`: noted, accepted, not today. On X it is the one reply to the post that was the vote. */
const createTellVoter =
  (deps: CorrectionDeps): CorrectionActivities['tellVoter'] =>
  async ({ voteId, tally }) => {
    const vote = await voteById(deps.db, voteId)
    const { address, messageId, channel, label } = vote
    // Who has voted again since hears of that vote.
    if (address === undefined || tally.verdict === 'superseded') return
    const bot = deps.botOf(vote.bot)
    const text = receiptText(bot, { verdict: tally.verdict, standing: tally, label })
    await tell(deps, { key: `receipt:${voteId}`, messageId, kind: 'receipt', bot, channel, address, text })
  }

/** Where the asker hears of it: under the answer, where that is a post of its own. */
async function askerAddress(deps: CorrectionDeps, { id, message }: StoredMessage): Promise<ReplyAddress> {
  const { address } = message
  if (address.kind !== 'slack-channel') return address
  const threadTs = await answerPostOf(deps.db, id)
  return threadTs === undefined ? address : { ...address, kind: 'slack-thread', threadTs }
}

const createTellOther =
  (deps: CorrectionDeps): CorrectionActivities['tellOther'] =>
  async ({ prediction, revision, to }) => {
    const ref = refOf(prediction)
    const correction = await correctionOf(deps.db, ref)
    if (correction?.revision !== revision || !isSettled(correction.state)) return
    const { messageId } = ref
    const bot = deps.botOf(correction.bot)
    const { label, heldBack } = correction
    const news = { messageId, kind: 'notice', bot, channel: 'slack' } as const
    const key = `told:${prediction}:${revision}`
    if (to.kind === 'asker') {
      const stored = await messageById(deps.db, messageId)
      const address = await askerAddress(deps, stored)
      await tell(deps, { ...news, key: `${key}:asker`, address, text: toAskerText(bot, label) })
      return
    }
    const { address } = await voteById(deps.db, to.voteId)
    const text = heldBack === undefined ? settledText(bot, label) : newHereText(bot, label)
    if (address) await tell(deps, { ...news, key: `${key}:${to.voteId}`, address, text })
  }

/** The activities of corrections and of questions to people. */
export const createCorrectionActivities = (
  deps: CorrectionDeps,
): CorrectionActivities & Pick<ConversationActivities, 'askPeople'> & Pick<LearningActivities, 'tellCoordinator'> => ({
  countVote: async ({ voteId }) => tallyOf(deps, await countVote(deps.db, voteId, deps)),
  ...tellUnlessOptedOut(deps.db, { tellVoter: createTellVoter(deps), tellOther: createTellOther(deps) }),
  askPeople: createAskPeople(deps),
  askReviewers: createAskReviewers(deps),
  closeQuestion: createCloseQuestion(deps),
  tellCoordinator: deps.tellCoordinator,
})
