import type { Label } from '../../domain/label.ts'
import { blindText, letGoText, settledText } from '../../domain/words/correction-words.ts'
import { type Candidate, newDisagreements, openBlindQuestion, randomAnswers } from '../../store/blind/candidates.ts'
import {
  type BlindQuestion,
  postsToClose,
  recordBlindPost,
  recordPostClosed,
  takeForChannel,
} from '../../store/blind/questions.ts'
import { fileToShow } from '../../store/corrections/questions.ts'
import { messageById } from '../../store/messages/messages.ts'
import { rolloutOf, type StoredRollout } from '../../store/rollouts/rollouts.ts'
import { postOnce } from '../post-once.ts'
import type { RolloutRef } from '../rollout-contract.ts'
import { type PeopleDeps, type PeoplePlace, placeOf } from './place.ts'
import { threadOf } from './tell-rollout.ts'

/** So many new questions of each kind at a look; the rest is found by the next one. */
const mostPerLook = 50
/** So many posts at a look: Slack takes about one a second in a channel. */
const mostPosts = 3

/** All labels in a random order, so that the order says nothing (Fisher and Yates). */
function shuffled(labels: readonly Label[], randomBelow: PeopleDeps['randomBelow']): readonly string[] {
  const order = labels.map(({ id }) => id)
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = randomBelow(at + 1)
    const [one, two] = [order[at], order[other]]
    if (one !== undefined && two !== undefined) [order[at], order[other]] = [two, one]
  }
  return order
}

/** Disagreements first, and a random share of all answers. */
async function candidates(deps: PeopleDeps, { bot, version }: RolloutRef): Promise<readonly Candidate[]> {
  const { db, botOf } = deps
  const disagreements = await newDisagreements(db, { bot, version }, mostPerLook)
  const drawn = await randomAnswers(db, { bot, version, share: botOf(bot).askShare }, mostPerLook)
  return [...disagreements, ...drawn]
}

async function openQuestions(deps: PeopleDeps, { bot, version }: RolloutRef): Promise<number> {
  let opened = 0
  for (const candidate of await candidates(deps, { bot, version })) {
    const labels = shuffled(deps.botOf(bot).labels, deps.randomBelow)
    if (await openBlindQuestion(deps.db, { ...candidate, bot, version, labels })) opened += 1
  }
  return opened
}

const longestQuote = 200

/** What it is about, without what anybody answered: a typed link, the words of a text, or the labelling page. */
async function subjectOf(deps: PeopleDeps, place: PeoplePlace, { messageId, bot }: BlindQuestion): Promise<string> {
  const { message } = await messageById(deps.db, messageId)
  if (message.subject?.kind === 'link') return message.subject.url
  const words = Array.from(message.text.replaceAll(/\s+/g, ' ').trim())
  if (place.bot.input.kind !== 'text' || words.length === 0) return deps.pageAt(`/label?bot=${encodeURIComponent(bot)}`)
  return `“${words.slice(0, longestQuote).join('')}${words.length > longestQuote ? '…' : ''}”`
}

/** Posts a question in the rollout's thread, once. The message that it came from is not linked to: its answer is there. */
async function postQuestion(
  deps: PeopleDeps,
  place: PeoplePlace,
  { question, threadTs }: { readonly question: BlindQuestion; readonly threadTs: string },
): Promise<void> {
  const { db } = deps
  const { id, messageId, position, labels: order } = question
  const { bot, channel, address } = place
  const text = `${await subjectOf(deps, place, question)}\n${blindText(bot)}`
  const labels = order.flatMap((label) => bot.labels.filter((each) => each.id === label))
  const posted = await postOnce(deps, {
    key: `blind:${id}`,
    messageId,
    kind: 'question',
    text,
    address: { ...address, kind: 'slack-thread', threadTs },
    offers: [{ kind: 'blind', prediction: id, prompt: text, labels }],
    about: { fileId: await fileToShow(db, { messageId, position }) },
    channel,
  })
  if (posted.kind === 'sent') await recordBlindPost(db, id, posted.platformId)
}

/**
 * Takes the buttons of closed questions away and says what they were settled as, and takes words out of posts whose message is gone.
 * @throws SendFailed or ServiceUnavailable when Slack has to be tried again; what was closed stays so.
 */
export async function closeBlindPosts(deps: PeopleDeps, bot: string): Promise<void> {
  const posts = await postsToClose(deps.db, bot)
  const place = posts.length > 0 ? placeOf(deps, bot) : undefined
  if (place === undefined) return
  for (const post of posts) {
    const { platformId, text, label, letGo } = post
    if (platformId === undefined) continue
    const settled = letGo ? letGoText : settledText(place.bot, label)
    await place.channel.update({ id: platformId, address: place.address, text: `${text}\n${settled}` })
    await recordPostClosed(deps.db, post)
  }
}

async function postQuestions(deps: PeopleDeps, rollout: StoredRollout): Promise<void> {
  const place = placeOf(deps, rollout.bot)
  if (place === undefined) return
  await closeBlindPosts(deps, rollout.bot)
  const { bot, address } = place
  const questions = await takeForChannel(deps.db, {
    bot: bot.name,
    channelId: address.channelId,
    capPerDay: bot.questionsPerDay,
    limit: mostPosts,
  })
  if (questions.length === 0) return
  const threadTs = await threadOf(deps, place, rollout)
  if (threadTs === undefined) return
  for (const question of questions) await postQuestion(deps, place, { question, threadTs })
}

/**
 * `askBlind`: opens questions about disagreements of the version with its champion and about a random share of all answers, and
 * puts as many into the rollout's thread as the day's cap allows; the labelling page has all of them.
 * @returns how many are new.
 * @throws SendFailed or ServiceUnavailable when Slack has to be tried again; the questions are open then.
 */
export const createAskBlind =
  (deps: PeopleDeps) =>
  async ({ bot, version }: RolloutRef): Promise<number> => {
    const rollout = await rolloutOf(deps.db, { bot, version })
    if (rollout === undefined || rollout.end !== undefined) return 0
    const opened = await openQuestions(deps, { bot, version })
    await postQuestions(deps, rollout)
    return opened
  }
