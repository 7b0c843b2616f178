import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { openBlobs } from '../../../adapters/blobs/files.ts'
import { pictureInput } from '../../../domain/model/preprocessing.ts'
import { families } from '../../../models/families/index.ts'
import { loadBots } from '../../../workers/bots/bots.ts'
import {
  botAttribute,
  channelAttribute,
  modelVersionAttribute,
  outcomeAttribute,
  statusQuery,
} from '../../../workflows/messages.ts'
import { platformsOf } from '../../support/platforms/both.ts'
import { type Conversation, type Question, replyTo } from '../../support/platforms/platform.ts'
import { slackPlatform } from '../../support/platforms/slack.ts'
import { xDirectMessages, xPlatform } from '../../support/platforms/x.ts'
import { asPicture, drawnPerson, hatPicture, photographs } from '../pictures.ts'
import { finishedMessage } from '../use-stack.ts'
import { stack, temporal } from './stack.ts'

const percentAnswer = (label: string) => new RegExp(`^${label}: \\d{1,2} % likely(?: · [0-9a-f]{8})?$`)

/** Asks, and waits for the outcome, so that a second reply would be there too. */
async function answerTo(place: Conversation, question: Question): Promise<string> {
  const id = await place.ask(question)
  const { text } = await replyTo(place, id)
  await finishedMessage(stack(), place.workflowId(id))
  assert.equal((await place.repliesTo(id)).length, 1)
  return text
}

for (const head of ['fedora', 'no fedora'] as const)
  test(`a drawn person is answered in the thread and as a reply: ${head}`, async () => {
    const picture = asPicture('person.png', await drawnPerson(`whole-way ${head}`, head))
    for (const text of await Promise.all(platformsOf(stack()).map((place) => answerTo(place, { pictures: [picture] }))))
      assert.match(text, percentAnswer(head))
  })

test('a direct message with a picture is answered on both channels', async () => {
  const pictures = [await hatPicture('direct')]
  const onSlack = answerTo(slackPlatform(stack()), { pictures, place: 'D0ADA', extra: { text: 'what is this?' } })
  const onX = answerTo(xDirectMessages(stack()), { pictures, place: 'dora' })
  for (const text of await Promise.all([onSlack, onX])) assert.match(text, percentAnswer('fedora'))
})

test('what an event leaves out is asked for: addresses of media on X, stub files and unscanned files on Slack', async () => {
  const picture = await hatPicture('left out')
  const slack = slackPlatform(stack())
  const answers = await Promise.all([
    answerTo(xPlatform(stack()), { pictures: [picture], extra: { mediaUrls: false } }),
    answerTo(slack, { pictures: [{ ...picture, stub: true }], place: 'C0STUB' }),
    answerTo(slack, { pictures: [{ ...picture, mimetype: '' }], place: 'C0EMPTY' }),
  ])
  for (const text of answers) assert.match(text, percentAnswer('fedora'))
})

test('photographs are answered as not known', async () => {
  const bot = (await loadBots(families)).find(({ name }) => name === 'fedora-finder')
  assert(bot)
  for (const photograph of await photographs()) {
    const answers = platformsOf(stack()).map((place) => answerTo(place, { pictures: [photograph] }))
    for (const text of await Promise.all(answers)) assert.equal(text.replace(/ · [0-9a-f]{8}$/, ''), bot.words.notKnown)
  }
})

test('the rows tell the whole story: outcome, original and normalised picture, score, choice, reply', async () => {
  const { db } = stack()
  const original = await drawnPerson('rows')
  const place = xPlatform(stack())
  const asked = await place.ask({ pictures: [asPicture('rows.png', original)] })
  const reply = await replyTo(place, asked)
  const message = await finishedMessage(stack(), place.workflowId(asked))
  assert.equal(message.outcome, 'answered')

  const kept = await db
    .selectFrom('message_media')
    .innerJoin('media', 'media.sha256', 'message_media.sha256')
    .innerJoin('normalised_media', 'normalised_media.source_sha256', 'media.sha256')
    .select(['media.sha256 as original', 'format', 'bytes', 'width', 'height', 'preprocessing_version'])
    .select('normalised_media.sha256 as normalised')
    .where('message_id', '=', message.id)
    .execute()
  assert.equal(kept.length, 1)
  const [media] = kept
  assert(media)
  assert.deepEqual(
    { ...media, normalised: undefined },
    {
      original: createHash('sha256').update(original).digest('hex'),
      format: 'png',
      bytes: original.byteLength,
      width: 512,
      height: 512,
      preprocessing_version: pictureInput.version,
      normalised: undefined,
    },
  )
  const blobs = openBlobs(pathToFileURL(stack().blobsFolder).href)
  assert.deepEqual(Buffer.from(await blobs.get(media.original)), original)
  assert.equal((await blobs.get(media.normalised)).byteLength, pictureInput.byteLength)

  const scores = await db.selectFrom('scores').selectAll().where('message_id', '=', message.id).execute()
  assert.deepEqual(
    scores.map(({ version, input_sha256: input, label, known, error }) => ({ version, input, label, known, error })),
    [{ version: 1, input: media.normalised, label: 'fedora', known: true, error: null }],
  )
  const choice = await db
    .selectFrom('choices')
    .selectAll()
    .where('message_id', '=', message.id)
    .executeTakeFirstOrThrow()
  assert.equal(choice.label, 'fedora')
  assert.equal(choice.deadline_hit, false)
  assert.deepEqual(
    choice.candidates.map(({ version, label, used }) => ({ version, label, used })),
    [{ version: 1, label: 'fedora', used: true }],
  )
  const replies = await db.selectFrom('replies').selectAll().where('message_id', '=', message.id).execute()
  assert.deepEqual(
    replies.map(({ key, kind, state, attempts, adopted, text, platform_id: platformId }) => ({
      ...{ key, kind, state, attempts, adopted, text, platformId },
    })),
    [
      {
        key: `${place.workflowId(asked)}:reply`,
        kind: 'choice',
        state: 'sent',
        attempts: 1,
        adopted: false,
        text: reply.text,
        platformId: reply.id,
      },
    ],
  )
})

test('the workflow completes, and can be found and read in the Temporal UI', async () => {
  for (const place of platformsOf(stack())) {
    const id = await place.ask({
      pictures: [await hatPicture('in the UI')],
      place: place.channel === 'x' ? 'uma' : 'C0UI',
    })
    const { id: messageId } = await finishedMessage(stack(), place.workflowId(id))
    const handle = temporal().workflow.getHandle(place.workflowId(id))
    assert.equal(((await handle.result()) as { outcome: string }).outcome, 'answered')
    const found = await handle.describe()
    assert.equal(found.status.name, 'COMPLETED')
    const where = place.channel === 'x' ? 'on X' : 'in Slack'
    assert.equal(await found.staticSummary(), `fedora-finder answers ${where}`)
    const { version } = await stack()
      .db.selectFrom('choices')
      .select('version')
      .where('message_id', '=', messageId)
      .executeTakeFirstOrThrow()
    const attributes = found.typedSearchAttributes
    assert.equal(attributes.get(botAttribute), 'fedora-finder')
    assert.equal(attributes.get(channelAttribute), place.channel)
    assert.equal(attributes.get(outcomeAttribute), 'answered')
    assert.equal(attributes.get(modelVersionAttribute), `v${version}`)
    assert.equal(await handle.query(statusQuery), 'answered')
  }
})
