import assert from 'node:assert/strict'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClock } from './clock.ts'
import { openJournal, readJournal } from './journal.ts'
import { temporaryFolder } from './webhook-double.ts'

void test('a line is in the file when its append resolves, and many at once keep their order', async (context) => {
  const path = join(await temporaryFolder(context), 'deep', 'a.jsonl')
  const journal = await openJournal(path, { durable: true })
  await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      await journal.append({ n })
      assert.match(await readFile(path, 'utf8'), new RegExp(`^\\{"n":${n}\\}$`, 'm'))
    }),
  )
  await journal.close()
  assert.deepEqual(
    readJournal(path),
    Array.from({ length: 200 }, (_, n) => ({ n })),
  )
})

void test('a torn last line is cut off, so that the next one is whole', async (context) => {
  const path = join(await temporaryFolder(context), 'a.jsonl')
  assert.deepEqual(readJournal(path), [])
  await appendFile(path, '{"n":1}\n{"n":')
  assert.deepEqual(readJournal(path), [{ n: 1 }])
  const journal = await openJournal(path, { durable: false })
  await journal.append({ n: 2 })
  await journal.close()
  assert.deepEqual(readJournal(path), [{ n: 1 }, { n: 2 }])
})

void test('a clock keeps what has passed when its speed changes', async () => {
  const clock = createClock(1)
  let rang = false
  clock.after(60_000, () => (rang = true))
  await sleep(20)
  assert.equal(rang, false)
  clock.setScale(1000)
  await sleep(150)
  assert.equal(rang, true)
  clock.after(10, () => assert.fail('it was cleared'))
  clock.clear()
  await sleep(30)
})
