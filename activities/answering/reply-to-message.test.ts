import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { Choice } from '../../domain/rendezvous/score.ts'
import type { Channel } from '../../domain/channel.ts'
import { SendFailed } from '../../domain/errors.ts'
import { acceptMessage, messageById } from '../../store/messages/messages.ts'
import { testBot } from '../../test/support/bots.ts'
import { useDatabase } from '../../test/support/database.ts'
import { messageOnX } from '../../test/support/messages/messages.ts'
import type { Answer } from '../contract.ts'
import type { PostDeps } from '../post-once.ts'
import { createReplyToMessage } from './reply-to-message.ts'

const db = useDatabase()

const bot = testBot()

const choice: Choice = {
  policy: 'primary-then-best',
  slot: 'main',
  version: 1,
  label: 'fedora',
  confidence: 0.87,
  known: true,
  reason: 'the primary version answered in time',
  deadlineHit: false,
  candidates: [],
  probabilities: { fedora: 0.87, 'no-fedora': 0.13 },
  late: [],
}
const choices = [{ position: 0, choice, unsure: false }]
const answer: Answer = { kind: 'choices', choices, refused: [], everyVersion: false }

const noForms = {
  picturesOf: () => Promise.resolve([]),
  update: () => Promise.resolve(),
  openForm: () => Promise.resolve(false),
}

class Crash extends Error {}

const mishaps = [
  'refused connection',
  'lost on the way',
  'accepted, then no answer',
  'killed before the intent',
  'killed after the intent',
  'killed after the post',
] as const
type Mishap = (typeof mishaps)[number]

/** A platform that shows what it accepts, and one attempt of ours that meets a mishap there or on the way. */
function platformWith(visible: string[]) {
  const attempt = (mishap: Mishap | undefined): Pick<PostDeps, 'at' | 'channelOf'> => {
    const channel: Channel = {
      send: (reply) => {
        if (mishap === 'refused connection')
          return Promise.reject(new SendFailed({ delivery: 'not-sent', reason: 'ECONNREFUSED' }))
        if (mishap === 'lost on the way')
          return Promise.reject(new SendFailed({ delivery: 'unknown', reason: 'reset' }))
        visible.push(reply.text)
        return mishap === 'accepted, then no answer'
          ? Promise.reject(new SendFailed({ delivery: 'unknown', reason: 'timeout' }))
          : Promise.resolve('p1')
      },
      find: () => Promise.resolve(visible.length > 0 ? 'p1' : undefined),
      ...noForms,
    }
    const points = {
      'killed before the intent': 'reply.beforeIntent',
      'killed after the intent': 'reply.afterIntent',
      'killed after the post': 'reply.afterPost',
    } as const
    return {
      channelOf: () => channel,
      at: (point) => {
        if (mishap !== undefined && mishap in points && points[mishap as keyof typeof points] === point)
          throw new Crash()
      },
    }
  }
  return attempt
}

async function newMessage(): Promise<string> {
  return (await acceptMessage(db(), messageOnX(), { receivedAt: new Date(), newId: randomUUID() })).id
}

const depsWith = (attempt: Pick<PostDeps, 'at' | 'channelOf'>): PostDeps => ({
  db: db(),
  botOf: () => bot,
  clock: () => 0,
  ...attempt,
})

/** Lets the time pass that an attempt of unknown delivery needs to settle. */
const settle = () => sql`update replies set sending_at = sending_at - interval '9 seconds'`.execute(db())

test('whatever an attempt meets, one reply becomes visible, and the message ends answered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...mishaps), { maxLength: 6 }), async (script) => {
      const visible: string[] = []
      const attempt = platformWith(visible)
      const messageId = await newMessage()
      for (const mishap of script) {
        await createReplyToMessage(depsWith(attempt(mishap)))({ messageId, answer }).catch(() => undefined)
        await settle()
      }
      const replied = await createReplyToMessage(depsWith(attempt(undefined)))({ messageId, answer })
      assert.deepEqual([replied.kind, replied.outcome], ['sent', 'answered'])
      assert.equal(visible.length, 1)
      assert.equal((await messageById(db(), messageId)).outcome, 'answered')
    }),
    { numRuns: 40 },
  )
})

test('an attempt of unknown delivery is neither looked for nor repeated before it has settled', async () => {
  const visible: string[] = []
  const attempt = platformWith(visible)
  const messageId = await newMessage()
  const lost = createReplyToMessage(depsWith(attempt('lost on the way')))({ messageId, answer })
  await assert.rejects(lost, { delivery: 'unknown', retryAfterMs: 8_000 })
  const tooEarly = createReplyToMessage(depsWith(attempt(undefined)))({ messageId, answer })
  await assert.rejects(tooEarly, (error: SendFailed) => error.retryAfterMs !== undefined && error.retryAfterMs > 7_000)
  assert.equal(visible.length, 0)
})

test('without the look, the same script shows the reply twice: the look is what prevents it', async () => {
  const visible: string[] = []
  const attempt = platformWith(visible)
  const messageId = await newMessage()
  await createReplyToMessage(depsWith(attempt('accepted, then no answer')))({ messageId, answer }).catch(
    () => undefined,
  )
  await settle()
  const blind = attempt(undefined)
  const channelOf: PostDeps['channelOf'] = (...names) => ({
    ...blind.channelOf(...names),
    find: () => Promise.resolve(undefined),
  })
  await createReplyToMessage(depsWith({ ...blind, channelOf }))({ messageId, answer })
  assert.equal(visible.length, 2)
})

test('two attempts at once make one post', async () => {
  const visible: string[] = []
  const attempt = platformWith(visible)
  const messageId = await newMessage()
  const both = [1, 2].map(() => createReplyToMessage(depsWith(attempt(undefined)))({ messageId, answer }))
  await Promise.allSettled(both)
  assert.equal(visible.length, 1)
})

test('a reply that the platform will never take ends the message as failed, with the reason', async () => {
  const messageId = await newMessage()
  const channel: Channel = {
    send: () => Promise.reject(new SendFailed({ delivery: 'not-sent', reason: 'is_archived', permanent: true })),
    find: () => Promise.resolve(undefined),
    ...noForms,
  }
  const deps = depsWith({ at: () => undefined, channelOf: () => channel })
  const ended = { kind: 'undeliverable', reason: 'is_archived', outcome: 'failed' }
  assert.deepEqual(await createReplyToMessage(deps)({ messageId, answer }), ended)
  assert.deepEqual(await createReplyToMessage(deps)({ messageId, answer }), ended)
})

test('an apology after an answer of unknown delivery says the answer, so that nobody gets two replies', async () => {
  const visible: string[] = []
  const attempt = platformWith(visible)
  const messageId = await newMessage()
  await createReplyToMessage(depsWith(attempt('lost on the way')))({ messageId, answer }).catch(() => undefined)
  await settle()
  const apology: Answer = { kind: 'apology' }
  const replied = await createReplyToMessage(depsWith(attempt(undefined)))({ messageId, answer: apology })
  assert.equal(replied.outcome, 'answered')
  assert.match(visible.join(), /^fedora: 87 % likely · [0-9a-f]{8}$/)
})

test('a process that was paused between its turn and the call does not call', async () => {
  const visible: string[] = []
  const messageId = await newMessage()
  const times = [0, 5_000]
  const deps = { ...depsWith(platformWith(visible)(undefined)), clock: () => times.shift() ?? 0 }
  await assert.rejects(createReplyToMessage(deps)({ messageId, answer }), { delivery: 'not-sent' })
  assert.equal(visible.length, 0)
})
