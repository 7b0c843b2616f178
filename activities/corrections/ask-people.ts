import type { ReplyAddress } from '../../domain/address.ts'
import type { Bot } from '../../domain/bot.ts'
import type { About, Channel } from '../../domain/channel.ts'
import { isSettled } from '../../domain/correction.ts'
import { flipText, questionText, reviewText, settledText } from '../../domain/words/correction-words.ts'
import { questionPostPrefix, reviewPostPrefix } from '../../domain/keys.ts'
import { parsePredictionId, predictionId, type PredictionRef } from '../../domain/prediction.ts'
import { percentOf, wordsOf } from '../../domain/words/words.ts'
import { answerPostOf, correctionOf, standingVotes } from '../../store/corrections/corrections.ts'
import {
  closeQuestion,
  fileToShow,
  openQuestion,
  type Question,
  questionOf,
  questionPosts,
  recordAsked,
} from '../../store/corrections/questions.ts'
import { messageById, type StoredMessage } from '../../store/messages/messages.ts'
import type { ConversationActivities } from '../contract.ts'
import type { CorrectionActivities, CorrectionMoment } from '../correction-contract.ts'
import type { PeopleDeps } from '../people/place.ts'
import { postOnce } from '../post-once.ts'

export type AskDeps = Omit<PeopleDeps, 'randomBelow'>

/** The prediction that a workflow names. @throws TypeError when it names none. */
export function refOf(prediction: string): PredictionRef {
  const ref = parsePredictionId(prediction)
  if (ref === undefined) throw new TypeError('not the id of a prediction')
  return ref
}

/** Where people are asked about a message of this bot. */
interface Place {
  readonly bot: Bot
  readonly channel: Channel
  readonly channelId: string
  readonly team: string
  readonly stored: StoredMessage
}

/** Nobody is asked about a load test, or where the bot has no channel for it. */
async function placeFor(deps: AskDeps, messageId: string): Promise<Place | undefined> {
  const stored = await messageById(deps.db, messageId)
  const { bot: name, address, synthetic } = stored.message
  const bot = deps.botOf(name)
  const { peopleChannel: channelId } = bot
  if (channelId === undefined || synthetic === true || !bot.channels.includes('slack')) return undefined
  return { bot, channel: deps.channelOf(name, 'slack'), channelId, team: 'team' in address ? address.team : '', stored }
}

const longestQuote = 200

/** What a question is about: a link that the person typed, the words of a text, or the page that shows the picture. */
function subjectOf(deps: AskDeps, { bot, stored }: Place): string {
  const { message, id } = stored
  if (message.subject?.kind === 'link') return message.subject.url
  const words = Array.from(message.text.replaceAll(/\s+/g, ' ').trim())
  if (bot.input.kind !== 'text' || words.length === 0) return deps.pageAt(`/conversations/${id}`)
  return `“${words.slice(0, longestQuote).join('')}${words.length > longestQuote ? '…' : ''}”`
}

/**
 * The message that it came from: what the person wrote, or our answer to a command, which is no message. Direct messages are
 * their person's alone.
 */
async function sourceOf(deps: AskDeps, { stored }: Place): Promise<About['source']> {
  const { id, message } = stored
  const { address, businessKey } = message
  if (address.kind === 'slack-thread' && !address.channelId.startsWith('D'))
    return { channelId: address.channelId, messageId: businessKey.split('.').slice(-2).join('.') }
  if (address.kind !== 'slack-channel') return undefined
  const messageId = await answerPostOf(deps.db, id)
  return messageId === undefined ? undefined : { channelId: address.channelId, messageId }
}

/** What the question is shown with: only what others may see. */
const aboutOf = async (deps: AskDeps, place: Place, ref: PredictionRef): Promise<About> => ({
  source: await sourceOf(deps, place),
  fileId: await fileToShow(deps.db, ref),
})

const threadOf = ({ team, channelId }: Place, threadTs: string | undefined): ReplyAddress =>
  threadTs === undefined
    ? { kind: 'slack-channel', team, channelId }
    : { kind: 'slack-thread', team, channelId, threadTs }

interface Asked {
  readonly ref: PredictionRef
  readonly key: string
  /** Said above the question. */
  readonly heading: string
  readonly threadTs?: string | undefined
}

/** What the bot had said. */
async function answerOf(deps: AskDeps, { bot }: Place, ref: PredictionRef): Promise<string> {
  const predicted = (await correctionOf(deps.db, ref))?.predicted
  if (predicted?.known !== true) return bot.words.notKnown
  return `${wordsOf(bot, predicted.label)}, ${percentOf(predicted.confidence)} %`
}

/** Posts a question with one button per label, once; its row knows the post, or that it could not be made. */
async function post(deps: AskDeps, place: Place, asked: Asked): Promise<void> {
  const { ref, key, heading, threadTs } = asked
  const { bot, channel } = place
  const text = `${heading}\n${questionText(bot, await answerOf(deps, place, ref))}`
  const prediction = predictionId(ref)
  const posted = await postOnce(deps, {
    key,
    messageId: ref.messageId,
    kind: 'question',
    text,
    address: threadOf(place, threadTs),
    offers: [{ kind: 'buttons', prediction, prompt: text, labels: bot.labels }],
    // The question itself shows it to whoever reads its thread.
    about: threadTs === undefined ? await aboutOf(deps, place, ref) : {},
    channel,
  })
  if (posted.kind === 'sent') await recordAsked(deps.db, ref, posted.platformId)
  else await closeQuestion(deps.db, ref)
}

/** Whether there is a question that nobody has seen yet: a new one, or one whose earlier attempt did not end. */
async function isToBeAsked(deps: AskDeps, question: Question, capPerDay: number): Promise<boolean> {
  if (await openQuestion(deps.db, question, { capPerDay })) return true
  const before = await questionOf(deps.db, question)
  return before !== undefined && before.platformId === undefined && !before.closed
}

/** Rewrites every post that asks about a settled prediction. Repeating it changes nothing. */
async function close(deps: AskDeps, ref: PredictionRef): Promise<void> {
  const correction = await correctionOf(deps.db, ref)
  const question = await questionOf(deps.db, ref)
  if (correction === undefined || question === undefined || !isSettled(correction.state)) return
  // Strangers alone have settled it: anybody whom we know may still answer.
  if (correction.heldBack !== undefined) return
  const place = await placeFor(deps, ref.messageId)
  if (place === undefined) return
  const posts = await questionPosts(deps.db, ref)
  const { bot, channel, team } = place
  const address = { kind: 'slack-channel', team, channelId: question.channelId } as const
  const settled = settledText(bot, correction.label)
  for (const { platformId: id, text } of posts) await channel.update({ id, address, text: `${text}\n${settled}` })
  await closeQuestion(deps.db, ref)
}

/** `askPeople`: one question per prediction, within the day's cap, unless people have settled it already. */
export const createAskPeople =
  (deps: AskDeps): ConversationActivities['askPeople'] =>
  async ({ messageId, position, reason }) => {
    const ref = { messageId, position }
    const place = await placeFor(deps, messageId)
    const correction = await correctionOf(deps.db, ref)
    if (place === undefined || (correction && isSettled(correction.state))) return
    const { bot, channelId } = place
    const question = { ...ref, bot: bot.name, reason, channelId }
    if (!(await isToBeAsked(deps, question, bot.questionsPerDay))) return
    await post(deps, place, { ref, key: `${questionPostPrefix}${predictionId(ref)}`, heading: subjectOf(deps, place) })
    // People may have settled it under the answer while the question was on its way.
    await close(deps, ref)
  }

/** `askReviewers`: both labels, in the question's thread where there is one. */
export const createAskReviewers =
  (deps: AskDeps): CorrectionActivities['askReviewers'] =>
  async ({ prediction, revision }: CorrectionMoment) => {
    const ref = refOf(prediction)
    const place = await placeFor(deps, ref.messageId)
    const correction = await correctionOf(deps.db, ref)
    if (place === undefined || correction?.state !== 'conflicted' || correction.revision !== revision) return
    const { bot, channelId } = place
    const question = { ...ref, bot: bot.name, reason: 'conflict', channelId } as const
    await openQuestion(deps.db, question, { capPerDay: bot.questionsPerDay })
    const before = await questionOf(deps.db, ref)
    const votes = await standingVotes(deps.db, ref)
    const labels = [...new Set(votes.flatMap(({ label }) => label ?? []))]
    const key = `${reviewPostPrefix}${prediction}:${revision}`
    const asked =
      correction.heldBack === 'was-confirmed'
        ? flipText(bot, { from: correction.predicted.label, to: labels })
        : reviewText(bot, labels)
    const heading = `${asked} ${subjectOf(deps, place)}`
    await post(deps, place, { ref, key, heading, threadTs: before?.platformId })
    await close(deps, ref)
  }

/** `closeQuestion`: the buttons go, and what it was settled as is said. */
export const createCloseQuestion =
  (deps: AskDeps): CorrectionActivities['closeQuestion'] =>
  ({ prediction }) =>
    close(deps, refOf(prediction))
