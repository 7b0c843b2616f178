import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadTest } from '../contract/load-tests.ts'
import { atRate } from './at-rate.ts'
import { type LoadTestPlan, madeUpRequest, type SyntheticRequest } from './made-up.ts'
import { drawPicture } from './pictures.ts'
import { createTally, type Finished } from './tally.ts'

export interface LoadTestWork {
  /** Commits a request exactly as a door does. */
  readonly record: (
    event: SyntheticRequest,
    door: { readonly bot: string; readonly channel: LoadTestPlan['channel'] },
  ) => Promise<boolean>
  /** Keeps bytes as a blob. @returns their SHA-256. */
  readonly putBlob: (bytes: Uint8Array) => Promise<string>
  /** Those of these messages that have an outcome. */
  readonly finished: (businessKeys: readonly string[]) => Promise<readonly Finished[]>
}

export interface LoadTestRun {
  readonly status: () => LoadTest
  /** Sends no more and looks no more. */
  readonly stop: () => void
  /** Resolves when it is done or stopped. */
  readonly over: Promise<void>
}

export interface RunOptions {
  readonly id: string
  /** How long nothing may end before the open messages are given up; a minute when left out. */
  readonly patienceMs?: number
}

/** As many different pictures are sent. */
const pictureCount = 32
/** Outcomes are asked for by so many keys at once. */
const keysPerLook = 1_000
const lookEveryMs = 500

interface Going {
  readonly plan: LoadTestPlan
  readonly work: LoadTestWork
  readonly id: string
  readonly planned: number
  readonly patienceMs: number
  readonly tally: ReturnType<typeof createTally>
  /** How late each open message was committed, in milliseconds, by business key. */
  readonly open: Map<string, number>
  readonly signal: AbortSignal
  state: LoadTest['state']
  sent: number
  notStored: number
}

async function sendAll(going: Going): Promise<void> {
  const { plan, work, id, planned, signal, open } = going
  const blobs = await Promise.all(Array.from({ length: pictureCount }, (_, n) => work.putBlob(drawPicture(n))))
  await atRate({ count: planned, perSecond: plan.rate, signal }, async (n, dueAt) => {
    const event = madeUpRequest(plan, n, { id, sentAt: new Date().toISOString(), blobs })
    try {
      await work.record(event, { bot: plan.bot, channel: plan.channel })
      going.sent += 1
      open.set(event.request.message.businessKey, performance.now() - dueAt)
    } catch {
      going.notStored += 1
    }
  })
  going.state = 'waiting'
}

/** @returns how many have ended since the last look. */
async function look({ work, open, tally }: Going): Promise<number> {
  const keys = [...open.keys()]
  let ended = 0
  for (let from = 0; from < keys.length; from += keysPerLook) {
    // A look that fails is made again by the next one.
    const found = await work.finished(keys.slice(from, from + keysPerLook)).catch(() => [])
    for (const finished of found) {
      const lateMs = open.get(finished.businessKey)
      if (lateMs === undefined) continue
      open.delete(finished.businessKey)
      tally.add(finished, lateMs)
      ended += 1
    }
  }
  return ended
}

async function watch(going: Going): Promise<void> {
  let movedAt = performance.now()
  for (;;) {
    // Asked before the look: what is committed during it is looked at by the next one.
    const wasWaiting = going.state === 'waiting'
    if ((await look(going)) > 0 || !wasWaiting) movedAt = performance.now()
    if (wasWaiting && (going.open.size === 0 || performance.now() - movedAt > going.patienceMs)) return
    await sleep(lookEveryMs, undefined, { signal: going.signal })
  }
}

const statusOf = ({ id, state, planned, sent, notStored, open, tally }: Going): LoadTest => ({
  ...{ id, state, planned, sent, notStored },
  open: open.size,
  ...tally.read(),
})

/**
 * Sends the messages of a plan at its rate, whether the earlier ones are answered or not, and watches how they end. A latency
 * counts from the moment at which the message was due, so that a late commit is not forgotten (coordinated omission).
 */
export function startLoadTest(plan: LoadTestPlan, work: LoadTestWork, options: RunOptions): LoadTestRun {
  const stopping = new AbortController()
  const { id, patienceMs = 60_000 } = options
  const planned = Math.max(1, Math.round(plan.rate * plan.seconds))
  const start = {
    state: 'sending',
    sent: 0,
    notStored: 0,
    tally: createTally(),
    open: new Map<string, number>(),
  } as const
  const going: Going = { plan, work, id, planned, patienceMs, signal: stopping.signal, ...start }
  const over = Promise.all([sendAll(going), watch(going)])
    .then(() => {
      going.state = 'done'
    })
    .catch(() => {
      stopping.abort()
      going.state = 'stopped'
    })
  return { status: () => statusOf(going), stop: () => stopping.abort(), over }
}
