import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { correctionDefaults } from '../../../domain/correction.ts'
import type { Random } from '../../../domain/model/seeded-random.ts'
import { labelBlind } from '../../../store/blind/labels.ts'
import type { Db } from '../../../store/db.ts'
import { families } from '../../../models/families/index.ts'
import { botsFolder, loadBots } from '../../../workers/bots/bots.ts'
import { readTitleRecipe } from '../../../workers/starter/titles/recipe.ts'
import type { People } from '../messages/people.ts'

const bot = 'team-router'
/** People and channels, so that Slack's limit per channel slows nobody down. */
const channels = 8
const persons = 40

/** The questions that the starter model of team-router answers right, without end and each of its own. */
export interface Questions {
  readonly labels: readonly string[]
  /** @param about the label that every other question is about; any when left out. */
  readonly next: (about?: string) => { readonly number: number; readonly text: string }
  /** A question about one label. */
  readonly about: (label: string) => string
  /** What the answer to a question should be, found in its text. */
  readonly truthOf: (text: string) => string | undefined
}

const pick = <T>(items: readonly T[], random: Random): T => {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('there is nothing to pick from')
  return item
}

/**
 * Reads what team-router was taught, and asks about it in words that differ by a number.
 * @param more topics of further labels.
 */
export async function openQuestions(
  random: Random,
  more: Readonly<Record<string, readonly string[]>> = {},
): Promise<Questions> {
  const described = (await loadBots(families, botsFolder)).find(({ name }) => name === bot)
  if (described === undefined) throw new Error(`there is no ${bot}`)
  const { questions } = await readTitleRecipe(described, botsFolder)
  const topics: Readonly<Record<string, readonly string[]>> = { ...questions.topics, ...more }
  const truths: string[] = []
  const labels = Object.keys(topics)
  const ask = (label: string) => {
    const topic = pick(topics[label] ?? [], random)
    const number = truths.push(label) - 1
    return { number, text: `${pick(questions.templates, random).replace('{topic}', topic)} (ticket ${number})` }
  }
  return {
    labels,
    next: (about) => ask(about !== undefined && random() < 0.5 ? about : pick(labels, random)),
    about: (label) => ask(label).text,
    truthOf: (text) => truths[Number(/\(ticket (\d+)\)/.exec(text)?.[1] ?? -1)],
  }
}

/** People ask without a pause, until the signal says stop. */
export async function askAlong(
  people: People,
  questions: Questions,
  options: { readonly everyMs: number; readonly about: () => string | undefined; readonly signal: AbortSignal },
): Promise<void> {
  const { everyMs, about, signal } = options
  while (!signal.aborted) {
    const { number, text } = questions.next(about())
    const where = { channel: `C0TRAFFIC${number % channels}` }
    await people.says(`U0PERSON${number % persons}`, `@bot ${text}`, where).catch(() => undefined)
    await sleep(everyMs)
  }
}

/** A reviewer labels the open blind questions of a bot, who knows what is right and nothing else. @returns how many. */
export async function labelOpen(
  db: Db,
  asked: { readonly bot: string; readonly personId: string; readonly questions: Questions },
): Promise<number> {
  const { rows } = await sql<{ id: string; text: string }>`
    select blind_questions.id, messages.text from blind_questions join messages on messages.id = message_id
    where blind_questions.bot = ${asked.bot} and closed_at is null`.execute(db)
  for (const { id: questionId, text } of rows) {
    const label = asked.questions.truthOf(text)
    const answer = { id: randomUUID(), questionId, personId: asked.personId, label }
    await labelBlind(db, answer, correctionDefaults)
  }
  return rows.length
}
