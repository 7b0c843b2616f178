import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { pathToFileURL } from 'node:url'
import { eventually, tell } from '../../test/support/platforms/platform.ts'
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

export interface SoakResult extends Judgement {
  readonly proof: 'conversation-soak'
  readonly events: number
  readonly seed: number
  readonly places: number
  readonly deliveries: number
  /** Messages that were answered only after at least one failed attempt. */
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

async function tallies(stack: Stack) {
  const attempts = await stack.db.selectFrom('replies').select('attempts').where('attempts', '>', 1).execute()
  const events = await stack.db.selectFrom('inbound_events').select('id').execute()
  return { faulted: attempts.length, deliveries: events.length }
}

/**
 * Mixed events in an order of the seed's, 1 to 4 deliveries each, twins, and posts that fail by 429, 5xx and reset: each gets
 * one answer, where it was asked.
 */
export async function proveConversationSoak(run: ProofRun & { readonly seed?: number }): Promise<SoakResult> {
  const seed = run.seed ?? 1 + Math.floor(Math.random() * 2 ** 31)
  run.say(`seed ${seed}`)
  const startedAt = performance.now()
  const stack = await startStack({ env: { LOG_LEVEL: 'warn' } })
  try {
    const asked = await performAll(stack, planOf(run.times, seed), run.say)
    await sleep(quietMs)
    const judgement = await judge(stack, asked)
    const { lost, duplicates, misrouted, wrongOutcomes } = judgement
    return {
      proof: 'conversation-soak',
      events: asked.length,
      ...judgement,
      seed,
      places: new Set(asked.map(placeOf)).size,
      ...(await tallies(stack)),
      seconds: Math.round((performance.now() - startedAt) / 100) / 10,
      ok: lost + duplicates + misrouted + wrongOutcomes.length === 0,
    }
  } finally {
    await stack.close()
  }
}

async function main(): Promise<void> {
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
