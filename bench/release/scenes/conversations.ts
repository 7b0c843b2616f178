import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { messageLifetimeMs, scoringDeadlineMs } from '../../../domain/outcome.ts'
import { predictionId } from '../../../domain/prediction.ts'
import { call, eventually, type Picture, tell } from '../../../test/support/platforms/platform.ts'
import { slackPlatform } from '../../../test/support/platforms/slack.ts'
import { xDirectMessages, xPlatform } from '../../../test/support/platforms/x.ts'
import { asPicture } from '../../../test/whole-way/pictures.ts'
import { z } from 'zod'
import { drawnPerson, type Subject } from '../drawings.ts'
import type { Scene } from '../scene.ts'
import { patienceMs } from '../small-stack.ts'

/* What people ask fedora-finder, and every way in which that ends. */

const bot = 'fedora-finder'

/** A picture that no version has learned. */
const pictureOf = async (subject: Omit<Subject, 'variant'>): Promise<Picture> =>
  asPicture(`${subject.thing}.png`, await drawnPerson({ ...subject, variant: 7 }))

const hat = () => pictureOf({ hand: 'round', thing: 'hat' })
const bare = () => pictureOf({ hand: 'tall', thing: 'nothing' })

async function onX({ stack, ends, keep, settles, correctionOf, client }: Scene): Promise<void> {
  const x = xPlatform(stack)
  const answered = await x.ask({ pictures: [await hat()] })
  const messageId = await ends(x.workflowId(answered))
  await keep('answerMessage/answered', x.workflowId(answered))
  const under = await x.ask({ text: 'and what do you say?', place: 'ben', extra: { inReplyTo: answered } })
  await ends(x.workflowId(under))
  const [reply] = await x.repliesTo(answered)
  for (const place of ['ben', 'chloe'])
    await x.ask({ text: "no, it's no fedora", place, extra: { inReplyTo: reply?.id ?? '' } })
  await settles({ messageId }, 'accepted')
  const correction = correctionOf(bot, predictionId({ messageId, position: 0 }))
  await client.workflow.getHandle(correction).result()
  await keep('applyCorrection/accepted-on-x', correction)
}

/** Somebody wants no answers, and is heard. */
async function optOut({ stack, ends, keep }: Scene): Promise<void> {
  const direct = xDirectMessages(stack)
  await ends(direct.workflowId(await direct.ask({ place: 'wanda', text: 'stop' })))
  const silent = await direct.ask({ place: 'wanda', text: 'and this?' })
  await ends(direct.workflowId(silent))
  await keep('answerMessage/silent', direct.workflowId(silent))
}

async function inSlack({ stack, asks, answers, ends, keep, people, operator, settles }: Scene): Promise<void> {
  const refused = await asks(bot, { user: 'U0BEN', text: 'is this a hat?' })
  await ends(refused.workflowId)
  await keep('answerMessage/refused', refused.workflowId)
  const pictures = [await hat(), await bare()]
  const several = await answers(bot, { user: 'U0BEN', text: 'which of these?', pictures })
  await keep('answerMessage/several-pictures', several.workflowId)
  const thread = { channel: several.channel, threadTs: several.ts }
  await answers(bot, { user: 'U0CHLOE', text: 'are you sure?', ...thread })
  // The shortcut opens a form, in which the right label is chosen.
  await people(bot).shortcut('U0CHLOE', 'correct', several.post)
  const { views } = await call(
    z.object({ views: z.array(z.looseObject({ id: z.string() })) }),
    `${stack.urls.slack}/_sim/views?user=U0CHLOE`,
  )
  const [form] = views
  if (form === undefined) throw new Error('the shortcut opened no form')
  await tell(`${stack.urls.slack}/_sim/views`, { viewId: form.id, user: 'U0CHLOE', values: { label: 'no-fedora' } })
  const written = await answers(bot, { user: 'U0EVA', text: 'and my own picture?', pictures: [await bare()] })
  await tell(`${stack.urls.slack}/_sim/deletions`, { channel: written.channel, ts: written.ts })
  const disputed = await answers(bot, { user: 'U0EVA', text: 'and this hat?', pictures: [await hat()] })
  await people(bot).chooses('U0BEN', 'no-fedora', disputed.post)
  await people(bot).chooses('U0CHLOE', 'fedora', disputed.post)
  await settles(disputed, 'conflicted')
  const asked = await operator.ask(bot, { pictures: [await hat()] })
  await ends(asked.workflowId)
  await keep('answerMessage/over-http', asked.workflowId)
}

/** A message that came so long ago, as the records tell it; its event waits because nobody hands it on. */
async function cameBefore({ stack }: Scene, ms: number): Promise<void> {
  const { numAffectedRows } = await sql`
    update inbound_events set received_at = now() - ${ms} * interval '1 millisecond'
    where started_at is null and request is not null`.execute(stack.db)
  if (numAffectedRows !== 1n) throw new Error(`${numAffectedRows ?? 0} events wait instead of one`)
}

const waiting = ({ stack: { db } }: Scene) =>
  eventually(
    async () => {
      const { rows } = await sql`select 1 from inbound_events where started_at is null and request is not null`.execute(
        db,
      )
      return rows.length === 1 ? true : undefined
    },
    { timeoutMs: patienceMs, what: 'an event that waits' },
  )

/** Messages that grow old before anybody answers. */
async function late(scene: Scene): Promise<void> {
  const { stack, asks, ends, keep, operator } = scene
  await stack.stop('relay')
  const expired = await asks(bot, { user: 'U0BEN', text: 'how about this?', pictures: [await hat()] })
  await waiting(scene)
  await cameBefore(scene, messageLifetimeMs + 3_600_000)
  await stack.start('relay')
  await ends(expired.workflowId)
  await keep('answerMessage/expired', expired.workflowId)

  await operator.post(`/api/bots/${bot}/pause`)
  const paused = await operator.ask(bot, { pictures: [await hat()] })
  await waiting(scene)
  await cameBefore(scene, 2 * 3_600_000)
  await operator.post(`/api/bots/${bot}/resume`, {})
  await ends(paused.workflowId)
  await keep('answerMessage/expired-after-a-pause', paused.workflowId)
}

/** Nobody answers for a while: one message waits, one is given up by an operator, one by its age. */
async function withoutModels(scene: Scene): Promise<void> {
  const { stack, asks, ends, keep, client } = scene
  const slack = slackPlatform(stack)
  await stack.stop('inference')
  const cancelled = await asks(bot, { user: 'U0BEN', text: 'and this?', channel: 'C0WAITING', pictures: [await hat()] })
  await sleep(5_000)
  await client.workflow.getHandle(cancelled.workflowId).cancel()
  await ends(cancelled.workflowId)
  await keep('answerMessage/cancelled', cancelled.workflowId)

  await stack.stop('relay')
  const failed = await asks(bot, { user: 'U0BEN', text: 'is it?', channel: 'C0LATE', pictures: [await hat()] })
  await waiting(scene)
  await cameBefore(scene, messageLifetimeMs - 30_000)
  await stack.start('relay')
  await ends(failed.workflowId)
  await keep('answerMessage/failed', failed.workflowId)

  await slack.faults({ kind: 'rate_limited', times: 2, retryAfter: 1 })
  const retried = await asks(bot, { user: 'U0EVA', text: 'a hat?', channel: 'C0RETRIES', pictures: [await hat()] })
  await sleep(scoringDeadlineMs + 4_000)
  await stack.start('inference')
  await ends(retried.workflowId)
  await keep('answerMessage/with-retries', retried.workflowId)
}

/** Replies that a platform takes without saying so, or never takes. */
async function unluckyReplies({ stack, asks, ends, people, answers }: Scene): Promise<void> {
  await slackPlatform(stack).faults({ kind: 'ok_false', error: 'is_archived', times: 1 })
  const undeliverable = await asks(bot, {
    user: 'U0BEN',
    text: 'one more?',
    channel: 'C0GONE',
    pictures: [await hat()],
  })
  await ends(undeliverable.workflowId)
  const answered = await answers(bot, {
    user: 'U0EVA',
    text: 'the last one?',
    channel: 'C0BROKEN',
    pictures: [await hat()],
  })
  await tell(`${stack.urls.slack}/_sim/faults`, { method: 'chat.postEphemeral', kind: 'reset_after_accept', times: 1 })
  await people(bot).chooses('U0BEN', 'no-fedora', answered.post)
  await eventually(
    async () => {
      const { rows } = await sql`select 1 from replies where state = 'unconfirmed'`.execute(stack.db)
      return rows[0]
    },
    { timeoutMs: patienceMs, what: 'a receipt that is unconfirmed' },
  )
}

export async function haveConversations(scene: Scene): Promise<void> {
  await onX(scene)
  await optOut(scene)
  await inSlack(scene)
  await unluckyReplies(scene)
  await late(scene)
  await withoutModels(scene)
  scene.say('people have asked fedora-finder')
}
