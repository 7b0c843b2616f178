import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { BadRequest, html } from './exchange.ts'
import type { Reply } from './exchange.ts'

const faultKinds = [
  /** Answers `status` (500) before anything is stored. */
  'status',
  /** Stores, then says nothing for 60 s (`ms`) and cuts the connection. */
  'timeout_after_accept',
  /** Stores, then resets the connection. */
  'reset_after_accept',
  /** 429 as the platform says it, `retryAfter` (1) seconds; nothing is stored. */
  'rate_limited',
  /** Stores, then answers after `ms` (1000). */
  'slow',
  /** An HTML page with `status` (200) instead of JSON; nothing is stored. */
  'html',
  /** Slack only: HTTP 200 with `{"ok":false,"error":<error>}`; nothing is stored. */
  'ok_false',
] as const

/** A scripted fault: the next `times` calls of `method` fail so. `accept` stores before failing whatever the kind. */
export const faultShape = z.strictObject({
  method: z.string().min(1),
  kind: z.enum(faultKinds),
  times: z.int().min(1).max(1_000_000).default(1),
  status: z.int().min(300).max(599).optional().or(z.literal(200)),
  retryAfter: z.number().min(0).max(86_400).default(1),
  /** `false`: 429 without saying how long to wait. */
  retryHeader: z.boolean().default(true),
  ms: z.int().min(0).max(600_000).optional(),
  error: z.string().min(1).max(100).default('internal_error'),
  /** X only: the body of a 429. */
  style: z.enum(['problem', 'v1']).default('problem'),
  accept: z.boolean().default(false),
})
export type Fault = z.infer<typeof faultShape>

/** How one platform words a fault that is not plain HTTP; `undefined` when the platform has no such fault. */
export type FaultWords = (fault: Fault) => Reply | undefined

export interface Faults {
  readonly add: (fault: Fault) => void
  readonly list: () => readonly Fault[]
  readonly clear: () => void
  /**
   * Answers a call under the first fault whose method `matches`. A call that the platform refuses by its own rules is refused
   * as always and uses up no fault that comes after accepting.
   */
  readonly around: (matches: (method: string) => boolean, accept: () => Promise<Reply>) => Promise<Reply>
}

const silenceMs = 60_000
const page = '<!doctype html><html><head><title>Something went wrong</title></head><body>Try again.</body></html>'

const refused = (reply: Reply): boolean =>
  reply.kind === 'whole' &&
  (reply.status >= 400 || (typeof reply.body === 'string' && reply.body.startsWith('{"ok":false')))

const acceptsFirst = (fault: Fault): boolean =>
  fault.accept || ['timeout_after_accept', 'reset_after_accept', 'slow'].includes(fault.kind)

async function outcomeOf(fault: Fault, accepted: Reply | undefined, words: FaultWords): Promise<Reply> {
  switch (fault.kind) {
    case 'timeout_after_accept':
      return { kind: 'silence', ms: fault.ms ?? silenceMs }
    case 'reset_after_accept':
      return { kind: 'reset' }
    case 'slow':
      await sleep(fault.ms ?? 1000, undefined, { ref: false })
      return accepted ?? { kind: 'reset' }
    case 'html':
      return html(page, { status: fault.status ?? 200 })
    case 'status':
    case 'rate_limited':
    case 'ok_false': {
      const reply = words(fault)
      if (reply === undefined) throw new BadRequest(`this platform has no fault ${fault.kind}`)
      return reply
    }
  }
}

/** @param words the platform's own wording. */
export function createFaults(words: FaultWords): Faults {
  let scripted: { fault: Fault; left: number }[] = []
  const take = (entry: { left: number }) => {
    entry.left -= 1
    scripted = scripted.filter(({ left }) => left > 0)
  }
  const around: Faults['around'] = async (matches, accept) => {
    const entry = scripted.find(({ fault }) => matches(fault.method))
    if (entry === undefined) return accept()
    // Taken before anything is awaited: of two calls at once only one may fail by a fault that is there once.
    take(entry)
    if (!acceptsFirst(entry.fault)) return outcomeOf(entry.fault, undefined, words)
    const accepted = await accept()
    if (!refused(accepted)) return outcomeOf(entry.fault, accepted, words)
    entry.left += 1
    if (!scripted.includes(entry)) scripted = [entry, ...scripted]
    return accepted
  }
  return {
    add: (fault) => {
      if (fault.kind === 'ok_false' && words(fault) === undefined)
        throw new BadRequest('this platform has no fault ok_false')
      scripted = [...scripted, { fault, left: fault.times }]
    },
    list: () => scripted.map(({ fault, left }) => ({ ...fault, times: left })),
    clear: () => {
      scripted = []
    },
    around,
  }
}
