import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { answered, messageInSlack } from '../test/support/messages/corrections.ts'
import { useDatabase } from '../test/support/database.ts'
import { blobsReferredTo, knowsVersions } from './blob-references.ts'
import { deleteMessage } from './messages/deletions.ts'
import { recordEvent } from './messages/inbound-events.ts'
import { savePicture } from './messages/media.ts'
import { personOf } from './messages/messages.ts'
import { joinMatching, leaveMatching } from './people/profiles.ts'
import { recordInputs } from './rollouts/replays/recordings.ts'

const db = useDatabase()

const blob = (name: string) => createHash('sha256').update(name).digest('hex')
const referred = async (...names: readonly string[]) => {
  const found = await blobsReferredTo(db(), names.map(blob))
  return names.filter((name) => found.has(blob(name)))
}

const score = (id: string, input: string) =>
  sql`insert into scores (message_id, slot, version, stage, input_sha256)
      values (${id}, 'main', 1, 'live', ${blob(input)})`.execute(db())

const picture = (id: string, name: string) =>
  savePicture(
    db(),
    { sha256: blob(name), format: 'png', bytes: 1, width: 1, height: 1 },
    { messageId: id, position: 0, normalised: { preprocessingVersion: '1', sha256: blob(`${name} normalised`) } },
  )

const textMessage = async (name: string) => {
  const made = await answered(db())
  await score(made.id, name)
  return made
}

test('nothing refers to bytes that no row names', async () => {
  assert.deepEqual(await referred('stray'), [])
  assert.deepEqual(await blobsReferredTo(db(), []), new Set())
})

test('a text and a picture are kept with their message, and nothing refers to them when it is taken back', async () => {
  const text = await textMessage('a text')
  const photo = await answered(db())
  await picture(photo.id, 'a picture')
  await score(photo.id, 'a picture normalised')
  await recordInputs(db(), {
    ...{ messageId: text.id, bot: 'fedora-finder', channel: 'slack', unit: 'unit', preprocessingVersion: '1' },
    inputs: [{ position: 0, inputSha256: blob('a text') }],
  })
  await sql`insert into blind_questions (bot, message_id, position, input_sha256, reason, labels)
            values ('fedora-finder', ${text.id}, 0, ${blob('a text')}, 'random', '[]')`.execute(db())
  const names = ['a text', 'a picture', 'a picture normalised']
  assert.deepEqual(await referred(...names), names)
  for (const { message } of [text, photo])
    await deleteMessage(db(), { bot: message.bot, channel: 'slack', businessKey: 'gone', of: message.businessKey })
  assert.deepEqual(await referred(...names), [])
  // A picture that was on its way when its message went.
  await picture(photo.id, 'a picture')
  assert.deepEqual(await referred(...names), [])
})

test('what two people have sent is kept while one of them has not taken it back', async () => {
  const { message } = await textMessage('said by two')
  await textMessage('said by two')
  await deleteMessage(db(), { bot: message.bot, channel: 'slack', businessKey: 'gone', of: message.businessKey })
  assert.deepEqual(await referred('said by two'), ['said by two'])
})

test('recordings, blind questions and uploads keep their bytes before anything is scored', async () => {
  const recorded = await answered(db())
  await recordInputs(db(), {
    ...{ messageId: recorded.id, bot: 'fedora-finder', channel: 'slack', unit: 'unit', preprocessingVersion: '1' },
    inputs: [{ position: 0, inputSha256: blob('recorded') }],
  })
  const asked = await answered(db())
  await sql`insert into blind_questions (bot, message_id, position, input_sha256, reason, labels)
            values ('fedora-finder', ${asked.id}, 0, ${blob('asked')}, 'random', '[]')`.execute(db())
  const upload = (name: string) => ({ pictures: [{ id: blob(name), mimetype: 'image/png', name: 'a.png' }] })
  await answered(db(), { message: upload('uploaded') })
  const waiting = messageInSlack(upload('waiting'))
  const event = { kind: 'request', transportKey: randomUUID(), eventType: 'api' } as const
  const { bot, channel } = waiting
  await recordEvent(db(), { ...event, request: { kind: 'message', message: waiting } }, { bot, channel })
  const names = ['recorded', 'asked', 'uploaded', 'waiting']
  assert.deepEqual(await referred(...names), names)
})

test('a profile keeps its picture until its person leaves, with what was recorded and asked', async () => {
  const { id, message } = await answered(db())
  const personId = await personOf(db(), { channel: 'slack', workspace: 'T1', platformUserId: 'U1' })
  await picture(id, 'a face')
  await score(id, 'a face normalised')
  const record = () =>
    recordInputs(db(), {
      ...{ messageId: id, bot: message.bot, channel: 'slack', unit: 'unit', preprocessingVersion: '1' },
      inputs: [{ position: 0, inputSha256: blob('a face recorded') }],
    })
  await record()
  await sql`insert into blind_questions (bot, message_id, position, input_sha256, reason, labels, closed_at, label)
            values (${message.bot}, ${id}, 0, ${blob('a face asked')}, 'random', '[]', now(), 'fedora'),
                   (${message.bot}, ${id}, 1, ${blob('a face open')}, 'random', '[]', null, null)`.execute(db())
  await joinMatching(db(), { id, bot: message.bot, personId, address: message.address })
  await sql`update profiles set picture_sha256 = ${blob('a face')} where id = ${id}`.execute(db())
  const names = ['a face', 'a face normalised', 'a face recorded', 'a face asked', 'a face open']
  assert.deepEqual(await referred(...names), names)
  await leaveMatching(db(), message.bot, personId)
  const { rows } = await sql`select 1 from recordings where message_id = ${id}`.execute(db())
  assert.deepEqual([rows, await referred(...names)], [[], []])
  // What was on its way when the person left.
  await record()
  assert.deepEqual(await referred(...names), [])
})

test('whoever joins again takes the earlier picture along', async () => {
  const [first, second] = [await answered(db()), await answered(db())]
  const personId = await personOf(db(), { channel: 'slack', workspace: 'T1', platformUserId: 'U2' })
  await picture(first.id, 'an earlier face')
  for (const { id, message } of [first, second]) {
    await joinMatching(db(), { id, bot: message.bot, personId, address: message.address })
    await sql`update profiles set picture_sha256 = ${blob('an earlier face')} where id = ${first.id} and removed_at is null`.execute(
      db(),
    )
  }
  assert.deepEqual(await referred('an earlier face'), [])
})

test('datasets, versions and what retrains made keep their files', async () => {
  await sql`truncate versions cascade`.execute(db())
  assert.equal(await knowsVersions(db()), false)
  await sql`insert into datasets (root, bot, family, files, size, label_counts)
            values ('root', 'pets', 'picture-classifier', ${JSON.stringify({ 'examples.json': blob('examples'), 'embeddings.bin': blob('embeddings') })}, 1, '{}')`.execute(
    db(),
  )
  await sql`insert into versions (bot, version, slot, family, dataset_root, weights_sha256, files, labels, preprocessing_version)
            values ('pets', 1, 'main', 'picture-classifier', 'root', ${blob('weights')},
                    ${JSON.stringify({ 'card.md': blob('card') })}, '[]', '1')`.execute(db())
  await sql`insert into retrains (bot, number, reason) values ('pets', 1, 'person')`.execute(db())
  await sql`insert into retrain_slots (bot, number, slot, dataset_files, version_files)
            values ('pets', 1, 'main', ${JSON.stringify({ a: blob('dataset file') })},
                    ${JSON.stringify({ b: blob('version file') })})`.execute(db())
  await sql`insert into example_inputs (bot, example, picture_sha256) values ('pets', 'cat', ${blob('an example')})`.execute(
    db(),
  )
  const names = ['examples', 'embeddings', 'weights', 'card', 'dataset file', 'version file', 'an example']
  assert.deepEqual(await referred(...names), names)
  assert.equal(await knowsVersions(db()), true)
})

/** Columns that may name a blob; whoever adds one decides here and in `blobsReferredTo` whether it keeps its bytes. */
const considered = [
  'blind_questions.input_sha256',
  'datasets.files',
  'example_inputs.picture_sha256',
  // Names groups of near-duplicates, and is never read as bytes.
  'example_groups.input_sha256',
  'media.sha256',
  'message_media.sha256',
  'moderations.sha256',
  'normalised_media.sha256',
  'normalised_media.source_sha256',
  'profiles.picture_sha256',
  'recordings.input_sha256',
  'retrain_slots.dataset_files',
  'retrain_slots.version_files',
  'scores.input_sha256',
  'versions.files',
  'versions.weights_sha256',
]

test('no column that may name a blob was forgotten', async () => {
  const { rows } = await sql<{ name: string }>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and (column_name like '%sha256' or column_name like '%files')
      and column_name <> 'token_sha256'
    order by name`.execute(db())
  assert.deepEqual(rows.map(({ name }) => name).toSorted(), considered.toSorted())
})
