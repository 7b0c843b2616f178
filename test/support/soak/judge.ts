import type { Stack } from '../stack.ts'
import type { Asked, AskedInSlack, Corrected } from './asked.ts'
import { receipts } from './receipts.ts'
import { answeredOnX, type BotPost, markIn, markOf, markOfAnswer, postsInSlack, writtenToOnX } from './visible.ts'

/** What became of the events. All but `unconfirmedEphemerals` have to be 0 or empty. */
export interface Judgement {
  /** Without an answer that anybody can see, and not recorded as perhaps seen. */
  readonly lost: number
  /** Answers beyond the first. */
  readonly duplicates: number
  /** Answers in another channel, thread or conversation than the question, or to nothing that was asked. */
  readonly misrouted: number
  /** Told to one person, perhaps: the platform did not say. */
  readonly unconfirmedEphemerals: number
  /** Messages that ended otherwise than they should, in words. */
  readonly wrongOutcomes: readonly string[]
}

interface Count {
  readonly found: number
  readonly elsewhere: number
}

const none: Count = { found: 0, elsewhere: 0 }
const countOf = <T>(items: readonly T[], isRight: (item: T) => boolean): Count => {
  const found = items.filter(isRight).length
  return { found, elsewhere: items.length - found }
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

const isIn = (post: BotPost, asked: AskedInSlack | Corrected) =>
  post.channel === asked.channel && post.threadTs === asked.threadTs

/** What the bot said in the open about no message of the soak has to be a question to people, in their channel. */
async function strayPosts(stack: Stack, posts: readonly BotPost[], asked: readonly Asked[]): Promise<number> {
  const known = new Set(asked.flatMap((each) => (each.via === 'slack' ? [markOfAnswer(each.workflowId)] : [])))
  const questions = await stack.db.selectFrom('replies').select('key').where('kind', '=', 'question').execute()
  const toPeople = new Set(questions.map(({ key }) => markOf(key)))
  return posts.filter((post) => {
    const mark = markIn(post) ?? ''
    return !known.has(mark) && !(toPeople.has(mark) && post.channel === 'C0REVIEWS')
  }).length
}

/** How often each event was answered, there and elsewhere, by what is visible on both platforms. */
async function counted(stack: Stack, asked: readonly Asked[]) {
  const posts = await postsInSlack(stack.urls.slack)
  const open = posts.filter(({ ephemeral }) => !ephemeral)
  const alone = posts.filter(({ ephemeral }) => ephemeral)
  const byMark = grouped(open, (post) => markIn(post) ?? '')
  const byPerson = grouped(alone, ({ user }) => user ?? '')
  const onX = await answeredOnX(stack.urls.x)
  const privately = await writtenToOnX(stack.urls.x)
  const answers = (each: Asked): Count => {
    switch (each.via) {
      case 'slack':
        return countOf(byMark.get(markOfAnswer(each.workflowId)) ?? [], (post) => isIn(post, each))
      case 'ephemeral':
        return countOf(byPerson.get(each.person) ?? [], (post) => isIn(post, each))
      case 'x-post':
        return { ...none, found: onX.filter((id) => id === each.id).length }
      case 'x-direct':
        return { ...none, found: privately.filter((person) => person === each.person).length }
    }
  }
  const ids = new Set(asked.flatMap((each) => (each.via === 'x-post' ? [each.id] : [])))
  const people = new Set(asked.flatMap((each) => ('person' in each ? [each.person] : [])))
  const strays =
    (await strayPosts(stack, open, asked)) +
    alone.filter(({ user }) => !people.has(user ?? '')).length +
    onX.filter((id) => !ids.has(id)).length +
    privately.filter((person) => !people.has(person)).length
  return { counts: asked.map((each) => ({ asked: each, ...answers(each) })), strays }
}

/** The people whose answer is recorded as perhaps seen. */
const unconfirmedFor = async (stack: Stack): Promise<ReadonlySet<string>> =>
  new Set((await receipts(stack)).flatMap(({ person, state }) => (state === 'unconfirmed' ? [person] : [])))

/** Messages that ended otherwise than they should, in words. */
async function wrongOutcomes(stack: Stack, asked: readonly Asked[]): Promise<readonly string[]> {
  const rows = await stack.db.selectFrom('messages').select(['workflow_id', 'outcome', 'outcome_reason']).execute()
  const ends = new Map(rows.map((row) => [row.workflow_id, `${row.outcome}: ${row.outcome_reason}`]))
  return asked.flatMap((each) => {
    if (!('workflowId' in each)) return []
    const end = ends.get(each.workflowId) ?? 'no message'
    return end.startsWith(`${each.outcome}:`) ? [] : [`${each.via}: ${each.outcome} expected, ${end}`]
  })
}

/** Judges by what people see; the database is asked only about what nobody can look up. */
export async function judge(stack: Stack, asked: readonly Asked[]): Promise<Judgement> {
  const { counts, strays } = await counted(stack, asked)
  const unconfirmed = await unconfirmedFor(stack)
  const isPerhapsSeen = (each: Asked) => each.via === 'ephemeral' && unconfirmed.has(each.person)
  return {
    lost: counts.filter((each) => each.found + each.elsewhere === 0 && !isPerhapsSeen(each.asked)).length,
    duplicates: counts.reduce((sum, { found, elsewhere }) => sum + Math.max(0, found + elsewhere - 1), 0),
    misrouted: strays + counts.reduce((sum, { elsewhere }) => sum + elsewhere, 0),
    unconfirmedEphemerals: unconfirmed.size,
    wrongOutcomes: await wrongOutcomes(stack, asked),
  }
}
