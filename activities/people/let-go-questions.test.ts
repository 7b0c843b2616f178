import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Channel } from '../../domain/channel.ts'
import { createCorrectionActivities } from '../corrections/create.ts'
import { deleteMessage } from '../../store/messages/deletions.ts'
import { openQuestion, questionOf } from '../../store/corrections/questions.ts'
import { correctionDeps } from '../../test/support/messages/correction-scene.ts'
import { useDatabase } from '../../test/support/database.ts'
import { rolloutScene } from '../../test/support/learning/rollout-scene.ts'
import { letGoOfQuestions } from './let-go-questions.ts'

const db = useDatabase()
const words = /is this a fedora/

/** A bot of texts whose answer people are asked about, with its words. */
async function scene() {
  const made = await rolloutScene(db(), { bot: { family: 'text-classifier' } })
  const { name, bot, channel, deps } = made
  const asked = await made.scored({ champion: 'fedora', challenger: 'fedora' })
  const asksOn = (on: Channel) =>
    createCorrectionActivities(correctionDeps(db(), { channel: on, bot })).askPeople({ ...asked.ref, reason: 'unsure' })
  const takesBack = () =>
    deleteMessage(db(), { bot: name, channel: 'slack', businessKey: 'gone', of: asked.message.businessKey })
  return {
    ...made,
    ref: asked.ref,
    asksOn,
    ask: () => asksOn(channel),
    takesBack,
    sweep: () => letGoOfQuestions(deps, name),
  }
}

test('posts that quote what was taken back are changed once, and nobody is asked any more', async () => {
  const { ask, takesBack, sweep, posts, updates, ref, bot } = await scene()
  await ask()
  assert.match(posts[0]?.text ?? '', words)
  await sweep()
  assert.equal(updates.length, 0, 'nothing was taken back')
  await takesBack()
  for (let time = 0; time < 2; time++) await sweep()
  assert.deepEqual(
    updates.map(({ id }) => id),
    [posts[0]?.id],
  )
  assert.match(updates[0]?.text ?? '', /^This was taken back\.\nNobody is asked/)
  const { closed, channelId } = (await questionOf(db(), ref)) ?? {}
  assert.deepEqual([closed, channelId], [true, bot.peopleChannel])
})

test('what became visible while it was taken back is changed too', async () => {
  const { asksOn, takesBack, sweep, channel, updates, deps } = await scene()
  const send: Channel['send'] = async (reply) => {
    await takesBack()
    await sweep()
    return channel.send(reply)
  }
  await asksOn({ ...channel, send })
  const before = updates.length
  await letGoOfQuestions(deps, 'another-bot')
  assert.equal(updates.length, before, 'its own bot alone')
  await sweep()
  assert.equal(updates.length, before + 1)
  assert.match(updates.at(-1)?.text ?? '', /^This was taken back\.\nNobody is asked/)
})

test('nobody is asked about what is not there any more, not even when people contradict each other', async () => {
  const { ask, takesBack, posts, ref, name } = await scene()
  await takesBack()
  await ask()
  const question = { ...ref, bot: name, reason: 'conflict', channelId: 'C1' } as const
  assert.equal(await openQuestion(db(), question, { capPerDay: 9 }), false)
  assert.deepEqual(posts, [])
})
