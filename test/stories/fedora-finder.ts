import assert from 'node:assert/strict'
import { hatPicture } from '../whole-way/pictures.ts'
import { peopleOf, type SeenPost } from '../support/messages/people.ts'
import { replyTo } from '../support/platforms/platform.ts'
import { xPlatform } from '../support/platforms/x.ts'
import { tellStory, type Narrator, type Story } from '../support/story.ts'
import type { Stack } from '../support/stack.ts'

const bot = 'fedora-finder'
const channel = 'C0PICTURES'

async function onX(stack: Stack, narrator: Narrator): Promise<void> {
  const x = xPlatform(stack)
  narrator.scene('On X, Ada mentions the bot with a picture')
  narrator.says('@ada', '@fedora_finder what is this? [a picture: a drawn person with a hat]')
  const id = await x.ask({ pictures: [await hatPicture('story-x')], place: 'ada' })
  const reply = await replyTo(x, id)
  narrator.says('@fedora_finder', reply.text)
  assert.match(reply.text, /fedora: \d+ % likely/)

  narrator.scene('Without a picture, under the post that has one')
  narrator.says('@ben', '@fedora_finder and what do you say?')
  const under = await x.ask({ text: 'and what do you say?', place: 'ben', extra: { inReplyTo: id } })
  narrator.says('@fedora_finder', (await replyTo(x, under)).text)
}

async function inSlack(stack: Stack, narrator: Narrator): Promise<void> {
  const people = peopleOf(stack.urls.slack, { name: bot, userId: stack.secrets.bots[bot]?.slack.botUserId ?? '' })
  const fromBot = (root: string) => (seen: SeenPost) => seen.bot === bot && seen.threadTs === root && !seen.ephemeral
  const told = (user: string) => (seen: SeenPost) => seen.bot === bot && seen.ephemeral && seen.user === user
  const hats = [await hatPicture('story-one'), { ...(await hatPicture('story-two')), name: 'second.png' }]

  narrator.scene('In Slack, two pictures get one reply that names each')
  narrator.says('Ada', '@fedora-finder which of these? [hat.png] [second.png]')
  const asked = await people.says('U0ADA', '@bot which of these?', { channel, pictures: hats })
  const answer = await people.waits(channel, fromBot(asked), { what: 'an answer' })
  narrator.says(bot, answer.text)
  assert.match(answer.text, /hat\.png: [\s\S]*second\.png: /)

  narrator.scene('Ben asks in the thread, and gets an answer about the picture there')
  narrator.says('Ben', '@fedora-finder are you sure?')
  const again = await people.says('U0BEN', '@bot are you sure?', { channel, threadTs: asked })
  const second = await people.waits(channel, fromBot(asked), { since: again, what: 'a second answer' })
  narrator.says(bot, second.text)

  narrator.scene('Chloe asks about another one, and Ben says no')
  narrator.says('Chloe', '@fedora-finder and this? [hat.png]')
  const third = await people.says('U0CHLOE', '@bot and this?', { channel, pictures: hats.slice(0, 1) })
  narrator.says(bot, (await people.waits(channel, fromBot(third), { what: 'a third answer' })).text)
  narrator.says('Ben', 'no, it is no fedora')
  const no = await people.says('U0BEN', 'no, it is no fedora', { channel, threadTs: third })
  const noted = await people.waits(channel, told('U0BEN'), { since: no, what: 'what became of the correction' })
  narrator.says(bot, noted.text)
  narrator.notes('only Ben sees that')
  assert.match(noted.text, /1 of 2/)
}

export const story: Story = {
  bots: [bot],
  tell: async (stack, narrator) => {
    await onX(stack, narrator)
    await inSlack(stack, narrator)
  },
}

export const main = (): Promise<void> => tellStory(story)
