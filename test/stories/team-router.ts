import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { peopleOf, type SeenPost } from '../support/messages/people.ts'
import { tellStory, type Narrator, type Story } from '../support/story.ts'
import type { Stack } from '../support/stack.ts'

const bot = 'team-router'
const channel = 'C0GENERAL'
const quietMs = 3_000

async function tellIt(stack: Stack, narrator: Narrator): Promise<void> {
  const people = peopleOf(stack.urls.slack, { name: bot, userId: stack.secrets.bots[bot]?.slack.botUserId ?? '' })
  const answerTo = (ts: string) =>
    people.waits(channel, (seen) => seen.bot === bot && seen.threadTs === ts && !seen.ephemeral, { what: 'an answer' })
  const told = (user: string) => (seen: SeenPost) => seen.bot === bot && seen.ephemeral && seen.user === user

  narrator.scene('A question in a channel, without a mention')
  narrator.says('Ada', 'who looks after the date picker?')
  const question = await people.says('U0ADA', 'who looks after the date picker?', { channel })
  const answer = await answerTo(question)
  narrator.says(bot, answer.text)
  assert.match(answer.text, /Pickers team/)

  narrator.scene('Other talk is left alone')
  narrator.says('Ben', 'lunch at twelve!')
  const talk = await people.says('U0BEN', 'lunch at twelve!', { channel })
  await sleep(quietMs)
  assert.equal((await people.sees(channel)).filter((seen) => seen.threadTs === talk).length, 0)
  narrator.notes('nothing happens')

  narrator.scene('Chloe disagrees with an answer, by its menu')
  narrator.says('Chloe', '@team-router which team owns the bar chart tooltip?')
  const other = await people.says('U0CHLOE', '@bot which team owns the bar chart tooltip?', { channel })
  const charts = await answerTo(other)
  narrator.says(bot, charts.text)
  narrator.says('Chloe', '[Wrong team? → the documentation team]')
  await people.chooses('U0CHLOE', 'docs', charts)
  const noted = await people.waits(channel, told('U0CHLOE'), { since: other, what: 'what became of the vote' })
  narrator.says(bot, noted.text)
  narrator.notes('only Chloe sees that')
  assert.match(noted.text, /1 of 2/)
}

export const story: Story = { bots: [bot], tell: tellIt }

export const main = (): Promise<void> => tellStory(story)
