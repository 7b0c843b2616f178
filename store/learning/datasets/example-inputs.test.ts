import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { useDatabase } from '../../../test/support/database.ts'
import { exampleInputsShown, isExamplePicture, saveExampleInputs } from './example-inputs.ts'

const db = useDatabase()

test('what base examples look like is kept once per bot, and told by their ids', async () => {
  const bot = `bot-${randomUUID()}`
  const save = (text: string) =>
    db()
      .transaction()
      .execute((trx) =>
        saveExampleInputs(trx, bot, [
          { example: 'title/1', text },
          { example: 'twemoji/cook', pictureSha256: `of-${bot}` },
        ]),
      )
  await save('the scheduler loses a job')
  await save('another text')
  const shown = await exampleInputsShown(db(), bot, ['title/1', 'twemoji/cook', 'unknown'])
  assert.deepEqual(Object.fromEntries(shown), {
    'title/1': { kind: 'text', text: 'the scheduler loses a job' },
    'twemoji/cook': { kind: 'picture', sha256: `of-${bot}`, shown: true },
  })
  assert.deepEqual(await exampleInputsShown(db(), `other-${bot}`, ['title/1']), new Map())
  assert.deepEqual(await exampleInputsShown(db(), bot, []), new Map())
  assert.deepEqual([await isExamplePicture(db(), `of-${bot}`), await isExamplePicture(db(), 'none')], [true, false])
})
