import { Agent } from 'node:http'
import type { ScaledClock } from './clock.ts'
import { postOnce } from './post-once.ts'
import type { Outcome } from './post-once.ts'

/** Which message or post an event tells of. */
export interface Subject {
  readonly ts?: string
  readonly postId?: string
  readonly messageId?: string
}

/** One event on its way to a webhook. */
export interface Parcel {
  readonly bot: string
  readonly url: string
  readonly eventId: string
  readonly type: string
  readonly subject: Subject
  readonly body: Buffer
  /** `application/json` when left out. */
  readonly contentType?: string
  /** Sent without a signature, as some checks of a platform are. */
  readonly unsigned?: boolean
}

/** Why an attempt is made again. */
export type Failure = 'timeout' | 'connection' | 'redirects' | 'status'

/** How a platform delivers. */
export interface Postal {
  /** How long a webhook may take to say 2xx, in milliseconds of real time. */
  readonly ackMs: number
  /** Waits before the second, third … attempt, in milliseconds of scaled time. */
  readonly retryAfterMs: readonly number[]
  readonly redirects: number
  /** Made anew for each attempt, because a signature may hold the time. `before` tells how the last attempt failed. */
  readonly headers: (parcel: Parcel, attempt: number, before: Failure | undefined) => Readonly<Record<string, string>>
  /** Whether the webhook asked for no more attempts. */
  readonly givesUp: (outcome: Outcome) => boolean
}

/** One attempt of a delivery that is over. */
export interface Delivery extends Subject {
  readonly id: number
  readonly bot: string
  readonly eventId: string
  readonly type: string
  readonly attempt: number
  /** The HTTP status; 0: no answer in time. */
  readonly status: number
  /** Time to the answer, in milliseconds. */
  readonly ms: number
  /** ISO 8601: when it was sent. */
  readonly at: string
}

export interface Courier {
  /** @returns resolves when the first attempt is over; further ones go on. */
  readonly deliver: (parcel: Parcel) => Promise<Delivery>
  /** Delivers something that is never retried, ahead of events that wait. @returns how it ended, with the answer's body. */
  readonly deliverOnce: (parcel: Parcel) => Promise<Outcome>
  /** Attempts that are over: those after the id, or from the ISO time, `since`. */
  readonly deliveries: (since: string | undefined) => readonly Delivery[]
  /** Deliveries that are not over: waiting, on their way, or to be retried. */
  readonly pending: () => number
  readonly setAckMs: (ms: number | undefined) => void
  /** Forgets what was delivered and what was to be. */
  readonly clear: () => void
  readonly close: () => void
}

const atOnce = 32
const mostKept = 50_000

function failureOf(outcome: Outcome): Failure | undefined {
  if (outcome.failure !== undefined) return outcome.failure
  if (outcome.status >= 200 && outcome.status < 300) return undefined
  return outcome.status >= 300 && outcome.status < 400 ? 'redirects' : 'status'
}

const forgotten: Outcome = { status: 0, headers: {}, body: '', ms: 0 }

/** Runs at most `atOnce` pieces of work at a time, in order. */
function createGate() {
  const queue: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) await new Promise<void>((go) => queue.push(go))
    else running += 1
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
}

/** The attempts that are over, the newest `mostKept` of them. */
function createLog() {
  let kept: Delivery[] = []
  let lastId = 0
  return {
    add: (entry: Omit<Delivery, 'id'>): Delivery => {
      lastId += 1
      const delivery = { id: lastId, ...entry }
      kept.push(delivery)
      if (kept.length > mostKept * 2) kept = kept.slice(-mostKept)
      return delivery
    },
    since: (since: string | undefined) => {
      if (since === undefined || since === '') return kept
      return /^\d+$/.test(since) ? kept.filter(({ id }) => id > Number(since)) : kept.filter(({ at }) => at >= since)
    },
    clear: () => {
      kept = []
    },
  }
}

/** Delivers signed events as a platform does: bounded concurrency, an ack limit, retries on a scaled clock. */
export function createCourier(postal: Postal, clock: ScaledClock): Courier {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce, timeout: 60_000 })
  const gate = createGate()
  const log = createLog()
  let ackMs = postal.ackMs
  let pending = 0
  let epoch = 0

  const post = async (parcel: Parcel, headers: Readonly<Record<string, string>>): Promise<Outcome> => {
    const letter = { method: 'POST', headers, body: parcel.body, agent, timeoutMs: ackMs } as const
    let outcome = await postOnce({ ...letter, url: parcel.url })
    for (let hops = 0; hops < postal.redirects; hops += 1) {
      const { location } = outcome.headers
      if (failureOf(outcome) !== 'redirects' || !URL.canParse(location ?? '', parcel.url)) return outcome
      outcome = await postOnce({ ...letter, url: new URL(location ?? '', parcel.url).href })
    }
    return outcome
  }
  const attempt = async (parcel: Parcel, count: number, before: Failure | undefined): Promise<Delivery> => {
    const mine = epoch
    const { at, outcome } = await gate(async () => ({
      at: new Date().toISOString(),
      outcome: mine === epoch ? await post(parcel, postal.headers(parcel, count, before)) : forgotten,
    }))
    const { bot, eventId, type, subject } = parcel
    const entry = { ...subject, bot, eventId, type, attempt: count, status: outcome.status, ms: outcome.ms, at }
    if (mine !== epoch) return { ...entry, id: 0 }
    const delivery = log.add(entry)
    const failure = failureOf(outcome)
    const wait = postal.retryAfterMs[count - 1]
    if (failure === undefined || wait === undefined || postal.givesUp(outcome)) pending -= 1
    else clock.after(wait, () => void attempt(parcel, count + 1, failure))
    return delivery
  }
  const deliverOnce = async (parcel: Parcel): Promise<Outcome> => {
    const mine = epoch
    const at = new Date().toISOString()
    const outcome = await post(parcel, postal.headers(parcel, 1, undefined))
    const { bot, eventId, type, subject } = parcel
    if (mine === epoch)
      log.add({ ...subject, bot, eventId, type, attempt: 1, status: outcome.status, ms: outcome.ms, at })
    return outcome
  }
  return {
    deliver: (parcel) => {
      pending += 1
      return attempt(parcel, 1, undefined)
    },
    deliverOnce,
    deliveries: log.since,
    pending: () => pending,
    setAckMs: (ms) => {
      ackMs = ms ?? postal.ackMs
    },
    clear: () => {
      epoch += 1
      pending = 0
      clock.clear()
      log.clear()
    },
    close: () => {
      epoch += 1
      clock.clear()
      agent.destroy()
    },
  }
}
