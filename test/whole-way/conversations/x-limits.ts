import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { call, eventually, replyTo, tell } from '../../support/platforms/platform.ts'
import { xDirectMessages, xPlatform } from '../../support/platforms/x.ts'
import { finishedMessage } from '../use-stack.ts'
import { stack, temporal } from './stack.ts'

const counts = z.object({
  calls: z.array(z.object({ name: z.string(), taken: z.number(), refused: z.number(), insisted: z.number() })),
})

const limits = (settings: object) => tell(`${stack().urls.x}/_sim/limits`, { enabled: true, ...settings })
const callsOf = async (name: string) =>
  (await call(counts, `${stack().urls.x}/_sim/limits`)).calls.find((each) => each.name === name)

async function assertAnsweredOnce(ids: readonly string[], timeoutMs: number): Promise<void> {
  const x = xPlatform(stack())
  for (const id of ids) {
    await replyTo(x, id, timeoutMs)
    assert.equal((await finishedMessage(stack(), x.workflowId(id))).outcome, 'refused')
  }
  const all = await x.allReplies()
  for (const id of ids) assert.equal(all.get(id)?.length, 1)
}

test('after a 429 nothing more is called before the reset, no slot is held, and then all are answered once', async () => {
  const x = xPlatform(stack())
  const people = ['ada', 'bob', 'cleo', 'dan', 'eve', 'fay']
  await limits({ limits: { tweets: 0 }, windowMs: 8_000 })
  const ids = await Promise.all(people.map((place) => x.ask({ place, text: 'is this one?' })))
  await eventually(async () => (((await callsOf('tweets'))?.refused ?? 0) > 0 ? true : undefined), {
    timeoutMs: 30_000,
    what: 'the first 429',
  })
  // Meanwhile direct messages go on: another endpoint, and the workers are free.
  const direct = xDirectMessages(stack())
  const asked = await direct.ask({ place: 'gus' })
  await replyTo(direct, asked)
  const pending = async (id: string) => {
    const { raw } = await temporal().workflow.getHandle(x.workflowId(id)).describe()
    return raw.pendingActivities ?? []
  }
  await eventually(
    async () => {
      const all = (await Promise.all(ids.map(pending))).flat()
      return all.find(({ lastFailure }) => lastFailure?.message?.includes('rate limit of POST tweets'))
    },
    { timeoutMs: 30_000, what: 'a reply that waits without a call' },
  )
  const early = await x.allReplies()
  assert(ids.every((id) => !early.has(id)))
  // On a slow machine a window may have ended meanwhile: then one call has asked how the next one stands.
  assert.equal((await callsOf('tweets'))?.insisted, 0)

  // Two at a time from now on, in short windows: the rest follows what the headers tell, and no call is one too many.
  await limits({ limits: { tweets: 2 }, windowMs: 4_000 })
  await assertAnsweredOnce(ids, 60_000)
  assert.deepEqual(await callsOf('tweets'), { name: 'tweets', taken: people.length, refused: 0, insisted: 0 })

  const log = await readFile(join(dirname(stack().blobsFolder), 'relay+conversations.log'), 'utf8')
  const lines = log.split('\n').filter((line) => line.includes('"endpoint":"POST tweets"'))
  assert(lines.length >= 2 && lines.every((line) => line.includes('"resetAt":')))
})

test('a limit of 24 hours that is used up holds replies back as well', async () => {
  const direct = xDirectMessages(stack())
  await limits({ appDay: { dm: 1 }, dayMs: 5_000 })
  const [first, second] = await Promise.all(['hal', 'ida'].map((place) => direct.ask({ place })))
  await Promise.all([first, second].map((id) => replyTo(direct, id ?? '', 40_000)))
  const { taken, insisted } = (await callsOf('dm')) ?? assert.fail('direct messages were sent')
  assert.deepEqual([taken, insisted], [2, 0])
  assert.equal((await direct.repliesTo(second ?? '')).length, 1)
})

test('who has written nothing in private gets nothing in private', async (context) => {
  // The tests after these have no limits.
  context.after(() => tell(`${stack().urls.x}/_sim/limits`, { enabled: false }))
  await limits({})
  const x = xPlatform(stack())
  const id = await x.ask({ place: 'june' })
  await replyTo(x, id, 30_000)
  const found = await call(z.object({ messages: z.array(z.unknown()) }), `${stack().urls.x}/_sim/messages?account=june`)
  assert.deepEqual(found.messages, [])
})
