import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Candidates, reviews } from './candidates.ts'
import type { SeenPost } from '../messages/people.ts'
import { eventually } from '../platforms/platform.ts'
import type { Questions } from './question-traffic.ts'
import type { Stack } from '../stack.ts'
import type { Narrator } from '../story.ts'

/* How people teach team-router what a new team does, in the story of learning. */

export const bot = 'team-router'
export const label = 'design'
export const words = 'the design team'
export const reviewer = 'U0ADA'
export const approver = 'U0DMITRI'
/** Each of them has five votes a day, and a correction needs two. */
const teachers = ['BEN', 'CHLOE', 'EVA', 'FINN', 'GITA', 'HUGO', 'IRIS', 'JON', 'KIM', 'LEO'].map((name) => `U0${name}`)
export const topics = [
  ...['the dark theme', 'the icon set', 'the brand colours', 'the design tokens', 'the Figma library'],
  ...['the spacing scale', 'the typography guidelines', 'illustrations for empty pages'],
]
export const nameOf = (user: string) => `${user.slice(2, 3)}${user.slice(3).toLowerCase()}`

/** What differs between the whole story and the one that tests run. */
export interface Scale {
  /** Changes of `bot.yaml`. */
  readonly change: object
  readonly corrections: number
  readonly askEveryMs: number
  /** Says which numbers are not the bot's own. */
  readonly note: string
}

export interface Scene {
  readonly stack: Stack
  readonly narrator: Narrator
  readonly questions: Questions
  readonly scale: Scale
  readonly candidates: Candidates
}

/** Somebody asks. @returns the visible answer. */
export async function ask(
  { candidates: { people } }: Scene,
  user: string,
  text: string,
  channel: string,
): Promise<SeenPost> {
  const ts = await people.says(user, `@bot ${text}`, { channel })
  const isAnswer = (seen: SeenPost) => seen.bot === bot && seen.threadTs === ts && !seen.ephemeral
  return people.waits(channel, isAnswer, { what: 'an answer', timeoutMs: 60_000 })
}

/** Two people say what is right. */
async function correct(
  { candidates: { people } }: Scene,
  answer: SeenPost,
  number: number,
): Promise<readonly string[]> {
  const pair = [0, 1].map((more) => teachers[(2 * number + more) % teachers.length] ?? reviewer)
  for (const user of pair) await people.chooses(user, label, answer)
  return pair
}

async function acceptedCorrections({ stack: { db } }: Scene): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from corrections where state = 'accepted' and label = ${label}`.execute(db)
  return rows[0]?.count ?? 0
}

export async function teach(scene: Scene, first: SeenPost): Promise<void> {
  const { narrator, scale, candidates } = scene
  narrator.scene('Ben and Chloe know better, and so do others about other questions')
  await correct(scene, first, 0)
  for (const user of ['U0BEN', 'U0CHLOE'] as const) {
    narrator.says(nameOf(user), `[Wrong team? → ${words}]`)
    const isTold = (seen: SeenPost) => seen.ephemeral && seen.user === user
    narrator.says(bot, (await candidates.people.waits(first.channel, isTold, { since: first.ts })).text)
  }
  const teachOne = async (number: number) => {
    const answer = await ask(scene, 'U0ADA', scene.questions.about(label), `C0TEAM${number % 5}`)
    await correct(scene, answer, number)
  }
  // A few at a time, as people are.
  for (let number = 1; number < scale.corrections; number += 4)
    await Promise.all(
      [0, 1, 2, 3]
        .map((more) => number + more)
        .filter((next) => next < scale.corrections)
        .map(teachOne),
    )
  await eventually(async () => ((await acceptedCorrections(scene)) >= scale.corrections ? true : undefined), {
    timeoutMs: 90_000,
    what: `${scale.corrections} accepted corrections`,
  })
  narrator.notes(`${scale.corrections} corrections are accepted, each by two people`)
}

/** Reads the people's channel as a reviewer does: every blind question is answered by what is right. */
export async function labelAlong({ candidates: { people }, questions }: Scene, signal: AbortSignal): Promise<number> {
  const done = new Set<string>()
  while (!signal.aborted) {
    for (const post of await people.sees(reviews)) {
      const isBlind = post.bot === bot && post.blocks.some(({ block_id }) => block_id?.startsWith('blind:') === true)
      const truth = questions.truthOf(post.text)
      if (!isBlind || truth === undefined || done.has(post.ts)) continue
      done.add(post.ts)
      await people.chooses(reviewer, truth, post).catch(() => done.delete(post.ts))
    }
    await sleep(500)
  }
  return done.size
}
