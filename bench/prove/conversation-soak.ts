import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { call, eventually, tell } from '../../test/support/platforms/platform.ts'
import type { Asked } from '../../test/support/soak/asked.ts'
import { judge, type Judgement } from '../../test/support/soak/judge.ts'
import { createPerformer } from '../../test/support/soak/perform.ts'
import { type PlannedEvent, planOf } from '../../test/support/soak/plan.ts'
import { receipts } from '../../test/support/soak/receipts.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import type { ProofRun } from '../shared/proof.ts'

const inFlight = 20
/** A 5xx is looked after only when it had time to become visible, so an answer may take a few such rounds. */
const outcomeWithinMs = 60_000
/** Longer than a second answer would take to appear. */
const quietMs = 5_000
/** Under fewer faults per event the run has proved little; a few events may happen to meet none. */
const leastFaultShare = 0.15
const fewEvents = 12

export interface SoakResult extends Judgement {
  readonly proof: 'conversation-soak'
  readonly events: number
  readonly seed: number
  readonly places: number
  /** Signed requests that the platforms sent to the doors: copies, twins and retries each count. */
  readonly deliveries: number
  /** Calls of the platforms that failed by a fault: 429, 5xx, or a connection that broke after the post was taken. */
  readonly faults: number
  /** `faults` per event. */
  readonly faultShare: number
  /** Replies that were posted again, found instead of repeated, or left unconfirmed. */
  readonly faulted: number
  readonly seconds: number
  readonly ok: boolean
}

/** Whether the event has come to its end: its message has an outcome, or the person's vote was told or given up. */
async function hasEnded(stack: Stack, asked: Asked): Promise<boolean> {
  if (asked.via !== 'ephemeral') {
    const { workflowId } = asked
    const query = stack.db.selectFrom('messages').select('outcome').where('workflow_id', '=', workflowId)
    return ((await query.executeTakeFirst())?.outcome ?? null) !== null
  }
  const told = await receipts(stack, asked.person)
  return told.some(({ state }) => ['sent', 'unconfirmed', 'undeliverable'].includes(state))
}

async function inject(stack: Stack, { fault }: PlannedEvent): Promise<void> {
  if (fault === undefined) return
  const { at, ...rest } = fault
  await tell(`${stack.urls[at]}/_sim/faults`, rest)
}

/** Performs everything, so many at a time; each event once, also when a correction needs it before its turn. */
async function performAll(stack: Stack, plan: readonly PlannedEvent[], say: ProofRun['say']) {
  const performed = new Map<number, Promise<Asked>>()
  const byNumber = new Map(plan.map((event) => [event.number, event]))
  const once = (event: PlannedEvent): Promise<Asked> => {
    const running = performed.get(event.number) ?? inject(stack, event).then(() => performer.perform(event))
    performed.set(event.number, running)
    return running
  }
  const performer = await createPerformer(stack, (number) => {
    const event = byNumber.get(number)
    if (event === undefined) throw new Error(`there is no event ${number}`)
    return once(event)
  })
  const waiting = [...plan]
  let done = 0
  const work = async () => {
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      const asked = await once(event)
      const look = async () => ((await hasEnded(stack, asked)) ? true : undefined)
      await eventually(look, { timeoutMs: outcomeWithinMs, what: `the end of event ${event.number}, ${event.kind}` })
      done += 1
      if (done % 100 === 0) say(`${done} of ${plan.length}`)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, work))
  const asked = await Promise.all(plan.map(once))
  for (const [at, each] of asked.entries()) if (plan[at]?.again) await performer.again(each)
  return asked
}

const placeOf = (asked: Asked) =>
  asked.via === 'slack' || asked.via === 'ephemeral' ? asked.channel : asked.via === 'x-post' ? asked.id : asked.person

const scriptedFaults = z.object({ faults: z.array(z.looseObject({ times: z.number() })) })
const deliveryLog = z.object({ deliveries: z.array(z.looseObject({ id: z.number() })) })

/** How many deliveries a simulator has attempted (it numbers them), and how many of its faults nobody has met yet. */
async function metAt(simulator: string) {
  const { deliveries } = await call(deliveryLog, `${simulator}/_sim/deliveries`)
  const { faults } = await call(scriptedFaults, `${simulator}/_sim/faults`)
  return {
    deliveries: Math.max(0, ...deliveries.map(({ id }) => id)),
    faultsLeft: faults.reduce((sum, { times }) => sum + times, 0),
  }
}

async function tallies(stack: Stack, plan: readonly PlannedEvent[]) {
  const rows = await stack.db.selectFrom('replies').select(['attempts', 'adopted', 'state']).execute()
  const faulted = rows.filter(({ attempts, adopted, state }) => attempts > 1 || adopted || state === 'unconfirmed')
  const [slack, x] = await Promise.all([metAt(stack.urls.slack), metAt(stack.urls.x)])
  const planned = plan.filter(({ fault }) => fault !== undefined).length
  const faults = planned - slack.faultsLeft - x.faultsLeft
  return {
    deliveries: slack.deliveries + x.deliveries,
    faults,
    faultShare: Math.round((faults / plan.length) * 1e3) / 1e3,
    faulted: faulted.length,
  }
}

/** Whether the run met enough faults to prove something. */
const isHard = (plan: readonly PlannedEvent[], { faultShare }: { readonly faultShare: number }): boolean =>
  plan.length < fewEvents || faultShare >= leastFaultShare

/**
 * Mixed events in an order of the seed's, 1 to 4 deliveries each, twins, and answers that fail by 429, 5xx and reset, 1 in 4
 * of them: each event gets one answer, where it was asked.
 */
export async function proveConversationSoak(run: ProofRun & { readonly seed?: number }): Promise<SoakResult> {
  const seed = run.seed ?? 1 + Math.floor(Math.random() * 2 ** 31)
  run.say(`seed ${seed}`)
  const startedAt = performance.now()
  const stack = await startStack({ env: { LOG_LEVEL: 'warn' } })
  try {
    const plan = planOf(run.times, seed)
    const asked = await performAll(stack, plan, run.say)
    await sleep(quietMs)
    const judgement = await judge(stack, asked)
    const met = await tallies(stack, plan)
    const { lost, duplicates, misrouted, wrongOutcomes } = judgement
    return {
      proof: 'conversation-soak',
      events: asked.length,
      ...judgement,
      seed,
      places: new Set(asked.map(placeOf)).size,
      ...met,
      seconds: Math.round((performance.now() - startedAt) / 100) / 10,
      ok: lost + duplicates + misrouted + wrongOutcomes.length === 0 && isHard(plan, met),
    }
  } finally {
    await stack.close()
  }
}

export async function main(): Promise<void> {
  const options = {
    times: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
  } as const
  const { values } = parseArgs({ options })
  const [times, seed] = [Number(values.times ?? 1000), values.seed === undefined ? undefined : Number(values.seed)]
  if (!Number.isInteger(times) || times < 1 || (seed !== undefined && !(Number.isInteger(seed) && seed > 0))) {
    console.error('--times and --seed need whole numbers from 1')
    process.exit(2)
  }
  const say = (line: string) => console.error(line)
  const result = await proveConversationSoak({ times, say, ...(seed !== undefined && { seed }) })
  console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2))
  process.exit(result.ok ? 0 : 1)
}
