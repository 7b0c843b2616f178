import assert from 'node:assert/strict'
import { emojiPicture } from '../support/drawn-pictures.ts'
import { tell } from '../support/platforms/platform.ts'
import { peopleOf, type SeenPost } from '../support/messages/people.ts'
import { tellStory, type Narrator, type Story } from '../support/story.ts'
import type { Stack } from '../support/stack.ts'

const channel = 'C0PICTURES'
const bot = 'after-dark'
const names: Readonly<Record<string, string>> = { U0ADA: 'Ada', U0BEN: 'Ben', U0CHLOE: 'Chloe' }

const fromBot = (seen: SeenPost) => seen.bot === bot
const publicAnswer = (seen: SeenPost) => fromBot(seen) && !seen.ephemeral
const toldTo = (user: string) => (seen: SeenPost) => fromBot(seen) && seen.ephemeral && seen.user === user

function open(stack: Stack, narrator: Narrator) {
  const people = peopleOf(stack.urls.slack, { name: bot, userId: stack.secrets.bots[bot]?.slack.botUserId ?? '' })
  const types = async (user: string, typed: string) => {
    narrator.says(names[user] ?? user, typed)
    const since = (await people.sees(channel)).at(-1)?.ts ?? '0'
    await people.types(user, typed, { channel })
    return since
  }
  /** What the bot says next, to everybody or to one person. */
  const reads = async (since: string, fits: (seen: SeenPost) => boolean, what: string) => {
    const seen = await people.waits(channel, fits, { since, what, timeoutMs: 60_000 })
    narrator.says(bot, seen.text)
    if (seen.ephemeral) narrator.notes(`only ${names[seen.user ?? ''] ?? seen.user} sees that`)
    return seen
  }
  return { people, types, reads }
}

async function tellIt(stack: Stack, narrator: Narrator): Promise<void> {
  const { people, types, reads } = open(stack, narrator)
  const technologist = await emojiPicture('technologist')
  await tell(`${stack.urls.slack}/_sim/pictures`, { path: '/at-work.png', base64: technologist.base64 })

  narrator.scene('Ada asks about a picture, by a link')
  const asked = await types('U0ADA', '/predict https://pictures.example/at-work.png')
  const answer = await reads(asked, publicAnswer, 'an answer')
  assert.match(answer.text, /engineer: \d+ % likely|only seen drawings/)

  narrator.scene('What does each live version say?')
  const every = await types('U0ADA', '/predict-rendezvous https://pictures.example/at-work.png')
  const rendezvous = await reads(every, publicAnswer, 'the rendezvous')
  assert.match(rendezvous.text, /head v1: [\s\S]*deep v2: [\s\S]*highest confidence: [\s\S]*average: [\s\S]*late: –/)

  narrator.scene('Ada uploads a picture, and asks about her latest one')
  narrator.says('Ada', '[a picture: a cook]')
  const upload = await people.says('U0ADA', 'my sister at work', { channel, pictures: [await emojiPicture('cook')] })
  const latest = await types('U0ADA', '/predict')
  await reads(latest < upload ? upload : latest, publicAnswer, 'an answer about the latest picture')

  narrator.scene('Ben knows better, and Chloe agrees')
  const fixed = await types('U0BEN', `/fix ${answer.permalink} not-engineer`)
  assert.match((await reads(fixed, toldTo('U0BEN'), 'what became of the vote')).text, /1 of 2/)
  const agreed = await types('U0CHLOE', `/fix ${answer.permalink} not an engineer`)
  await reads(agreed, toldTo('U0CHLOE'), 'that the correction is accepted')
  await reads(agreed, toldTo('U0BEN'), 'that his vote counted')

  narrator.scene('A label that nobody knows')
  const unknown = await types('U0BEN', '/fix wizard')
  assert.match(
    (await reads(unknown, (seen) => seen.ephemeral && seen.user === 'U0BEN', 'the usage')).text,
    /Labels: engineer/,
  )

  narrator.scene('Ada wants to meet somebody')
  await tell(`${stack.urls.slack}/_sim/people`, { user: 'U0ADA', name: 'Ada', picture: technologist.base64 })
  const joined = await types('U0ADA', '/match')
  assert.match((await reads(joined, toldTo('U0ADA'), 'a match')).text, /Meet .+/)
}

export const story: Story = { bots: [bot], tell: tellIt }

export const main = (): Promise<void> => tellStory(story)
