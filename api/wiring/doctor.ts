import type { Bot } from '../../domain/bot.ts'
import type { Config } from '../../infra/config.ts'
import { assertDurable, type Db, isReachable } from '../../store/db.ts'
import { waitingEvents } from '../../store/messages/inbound-events.ts'
import { inferenceRuntime } from '../../store/versions/inference-runtime.ts'
import { pendingMigrations } from '../../store/migrate.ts'
import { pausedBots } from '../../store/pauses.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { freeBytesIn } from '../../workers/relay/operators.ts'
import type { Stories } from '../../infra/temporal/stories.ts'
import type { Check } from '../contract/bots.ts'
import { accounts } from './doctor/accounts.ts'
import { fail, ok, warn } from './doctor/findings.ts'

interface Patient {
  readonly config: Config
  readonly db: Db
  readonly stories: () => Promise<Stories>
  readonly bots: readonly Bot[]
}

const oldestWaitingMs = 5 * 60_000
const littleDisk = 2 * 1024 ** 3

async function database({ db }: Patient): Promise<readonly Check[]> {
  if (!(await isReachable(db)))
    return [
      fail(
        'database',
        'PostgreSQL does not answer',
        'look at logs/postgres.log in the data folder, or at DATABASE_URL',
      ),
    ]
  const pending = await pendingMigrations(db)
  const durable = await assertDurable(db).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : 'unknown'),
  )
  return [
    ok('database', 'PostgreSQL answers'),
    pending.length === 0
      ? ok('migrations', 'the database has this code’s schema')
      : fail('migrations', `${pending.length} are missing`, 'start again: migrations run first'),
    durable === undefined
      ? ok('durability', 'a commit is on disk when it is acknowledged')
      : fail('durability', durable, ''),
  ]
}

async function temporal({ stories }: Patient): Promise<Check> {
  return (await (await stories()).answers())
    ? ok('Temporal', 'the server answers')
    : fail(
        'Temporal',
        'the server does not answer; messages are kept meanwhile',
        'look at logs/temporal.log, or at TEMPORAL_ADDRESS',
      )
}

async function queue({ db }: Patient): Promise<Check> {
  const { count, oldestMs } = await waitingEvents(db)
  if (oldestMs < oldestWaitingMs)
    return ok('relay', count === 0 ? 'nothing waits' : `${count} events are being started`)
  const minutes = Math.round(oldestMs / 60_000)
  return fail(
    'relay',
    `${count} events wait, the oldest for ${minutes} minutes`,
    'look at logs/conversations.log; is Temporal up?',
  )
}

async function models({ db, bots }: Patient): Promise<readonly Check[]> {
  const runtime = await inferenceRuntime(db)
  const backend = runtime
    ? ok('inference', `TensorFlow runs ${runtime.backend}`)
    : warn('inference', 'no inference worker has started yet', 'wait for the first model, or look at logs/models.log')
  const perBot = bots.map(async ({ name }) => {
    const live = (await servingSetOf(db, name))?.members.filter(({ stage }) => stage === 'live') ?? []
    return live.length === 0
      ? warn(name, 'no version is live', 'wait for its first model, or look at logs/starter.log')
      : ok(name, `live: ${live.map(({ slot, version }) => `${slot} v${version}`).join(', ')}`)
  })
  return [backend, ...(await Promise.all(perBot))]
}

async function disk({ config }: Patient): Promise<Check> {
  const free = await freeBytesIn(config.home)
  const detail = `${(free / 1024 ** 3).toFixed(1)} GB are free`
  return free > littleDisk ? ok('disk', detail) : warn('disk', detail, 'make room: nothing is stored on a full disk')
}

async function pauses({ db }: Patient): Promise<readonly Check[]> {
  const paused = await pausedBots(db)
  return [...paused.keys()].map((bot) => warn(bot, 'is paused; what arrives is kept', `npx understudy resume ${bot}`))
}

/** What is wrong, if anything, each with what to do next. A check that fails itself is a finding. */
export async function doctor(patient: Patient): Promise<readonly Check[]> {
  const checks = [database, temporal, queue, models, disk, pauses].map(async (check) => {
    try {
      return [await check(patient)].flat()
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown'
      return [fail(check.name, `could not be checked (${name})`, 'look at logs/api.log')]
    }
  })
  return [...(await Promise.all(checks)).flat(), ...accounts(patient)]
}
