import { eventually, tell } from '../../../test/support/platforms/platform.ts'
import type { SeenPost } from '../../../test/support/messages/people.ts'
import { drawnPerson } from '../drawings.ts'
import type { Scene } from '../scene.ts'
import { closedChannel, patienceMs } from '../small-stack.ts'

/* What people do with after-dark, whose two versions answer side by side and who introduces people to each other. */

const bot = 'after-dark'
const channel = 'C0PICTURES'

async function workflowOf(
  { stack: { db } }: Scene,
  intent: 'ask-all' | 'score-only' | 'none',
  after: Date,
): Promise<string> {
  const found = await eventually(
    () =>
      db
        .selectFrom('messages')
        .select('workflow_id')
        .where('bot', '=', bot)
        .where('intent', '=', intent)
        .where('received_at', '>', after)
        .executeTakeFirst(),
    { timeoutMs: patienceMs, what: `a message with the intent ${intent}` },
  )
  return found.workflow_id
}

/** Types a command, and waits until its workflow has ended. */
async function types(
  scene: Scene,
  user: string,
  { typed, intent }: { readonly typed: string; readonly intent: 'ask-all' | 'score-only' | 'none' },
): Promise<string> {
  const before = new Date(Date.now() - 1_000)
  await scene.people(bot).types(user, typed, { channel })
  const workflowId = await workflowOf(scene, intent, before)
  await scene.ends(workflowId)
  return workflowId
}

const pictureAt = async ({ stack }: Scene, path: string, variant: number): Promise<string> => {
  const picture = await drawnPerson({ hand: 'square', thing: 'laptop', variant })
  await tell(`${stack.urls.slack}/_sim/pictures`, { path, base64: picture.toString('base64') })
  return `https://pictures.example${path}`
}

/** The first who joins meets one who was there from the start, the second the first. */
async function meetPeople(scene: Scene): Promise<void> {
  const { stack, people, keep } = scene
  const portraits = { U0ADA: 'laptop', U0BEN: 'nothing' } as const
  for (const [user, thing] of Object.entries(portraits)) {
    const picture = await drawnPerson({ hand: 'tall', thing, variant: 9 })
    await tell(`${stack.urls.slack}/_sim/people`, { user, name: user.slice(2), picture: picture.toString('base64') })
    const workflowId = await types(scene, user, { typed: '/match', intent: 'none' })
    await keep(`answerMessage/${user === 'U0ADA' ? 'matched' : 'matched-again'}`, workflowId)
  }
  await people(bot).types('U0BEN', '/match leave', { channel })
  await eventually(
    () => stack.db.selectFrom('profiles').select('id').where('removed_at', 'is not', null).executeTakeFirst(),
    { timeoutMs: patienceMs, what: 'a profile that is gone' },
  )
}

export async function askSideBySide(scene: Scene): Promise<void> {
  const { stack, people, keep } = scene
  // The questions about its unsure answers cannot be posted, of which the operators hear.
  await tell(`${stack.urls.slack}/_sim/channels`, { channel: closedChannel, archived: true })
  const one = await pictureAt(scene, '/at-work.png', 7)
  await people(bot).types('U0ADA', `/predict ${one}`, { channel })
  const isAnswer = (seen: SeenPost) => seen.bot === bot && !seen.ephemeral
  await people(bot).waits(channel, isAnswer, { timeoutMs: patienceMs, what: 'an answer about a picture' })
  const every = await types(scene, 'U0ADA', { typed: `/predict-rendezvous ${one}`, intent: 'ask-all' })
  await keep('answerMessage/every-version', every)
  const other = await pictureAt(scene, '/at-home.png', 8)
  const scored = await types(scene, 'U0CHLOE', { typed: `/fix ${other} not-engineer`, intent: 'score-only' })
  await keep('answerMessage/scored-for-a-correction', scored)
  await meetPeople(scene)
  scene.say('people have asked after-dark, and met')
}

/** Paused at the end, with a question that waits. */
export async function pauseAtTheEnd({ operator, stack }: Scene): Promise<void> {
  await eventually(() => stack.db.selectFrom('alerts').select('cause').executeTakeFirst(), {
    timeoutMs: patienceMs,
    what: 'an alert',
  })
  await operator.post(`/api/bots/${bot}/pause`)
  const picture = await drawnPerson({ hand: 'square', thing: 'laptop', variant: 7 })
  await operator.ask(bot, { pictures: [{ name: 'laptop.png', base64: picture.toString('base64') }] })
}
