import type { Logger } from 'pino'
import { errorFields } from '../../infra/logger.ts'
import {
  type Alert,
  botsWithoutPeople,
  closeAlerts,
  lockedOutBots,
  openAlerts,
  raiseAlert,
  recordTold,
} from '../../store/alerts.ts'
import type { Db } from '../../store/db.ts'
import { parkedEvents, waitingEvents } from '../../store/messages/inbound-events.ts'
import type { BrokenStory } from './broken-stories.ts'

export interface AlertDeps {
  readonly db: Db
  readonly log: Logger
  /** Bytes that are free where data is kept. */
  readonly freeBytes: () => Promise<number>
  /** Workflows that cannot go on because their code fails. Rejects while Temporal cannot be asked. */
  readonly brokenStories: () => Promise<readonly BrokenStory[]>
  /** Tells the operators, where they look. */
  readonly tell: (text: string) => Promise<void>
}

type Cause = Pick<Alert, 'cause' | 'detail'>

/** The causes that are looked at here; others are closed where they are raised. */
const ours = /^(?:queue|disk|parked:.+|credentials:.+|people:.+|story:.+)$/
const lasts = (causes: readonly Cause[], cause: string) => causes.some((each) => each.cause === cause)

const oldestWaitingMs = 5 * 60_000
const gigabyte = 1024 ** 3
/** An alert that is open closes a little later than it opens, so that a value at the edge is told once. */
const lowDisk = { below: 2 * gigabyte, until: 2.5 * gigabyte } as const
const lookEveryMs = 30_000

async function slowQueue({ db }: AlertDeps): Promise<readonly Cause[]> {
  const { count, oldestMs } = await waitingEvents(db)
  if (oldestMs < oldestWaitingMs) return []
  const waited = `${count} ${count === 1 ? 'event waits' : 'events wait'}, the oldest for ${Math.floor(oldestMs / 60_000)} minutes`
  return [{ cause: 'queue', detail: `${waited}. Nothing is lost. Next: npx understudy doctor` }]
}

async function putAside({ db }: AlertDeps): Promise<readonly Cause[]> {
  return [...(await parkedEvents(db))].map(([bot, count]) => ({
    cause: `parked:${bot}`,
    detail:
      `${count} ${count === 1 ? 'event' : 'events'} of ${bot} could not be handed on by ${count === 1 ? 'its' : 'their'} own fault and ` +
      'will not be tried again. The log of the relay says why ("put aside"). Next: npx understudy doctor',
  }))
}

async function lockedOut({ db }: AlertDeps): Promise<readonly Cause[]> {
  return (await lockedOutBots(db)).map(({ bot, channel, failure }) => {
    const variable = channel === 'slack' ? 'SLACK_BOT_TOKEN' : 'X_ACCESS_TOKEN'
    const suffixed = `${variable}__${bot.replaceAll('-', '_').toUpperCase()}`
    return {
      cause: `credentials:${bot}:${channel}`,
      detail:
        `${bot} is not let in on ${channel === 'slack' ? 'Slack' : 'X'} (${failure}). Set a new token (${variable} or ${suffixed}), start again. ` +
        'Next: npx understudy retry --outcome failed --since 24h',
    }
  })
}

async function closedPeopleChannels({ db }: AlertDeps): Promise<readonly Cause[]> {
  return (await botsWithoutPeople(db)).map(({ bot, failure }) => ({
    cause: `people:${bot}`,
    detail:
      `${bot} cannot ask people: its people's channel takes no posts (${failure}). Open that channel and invite the bot, or set ` +
      `peopleChannel in bots/${bot}/bot.yaml to another one and start again. Next: npx understudy bots`,
  }))
}

async function littleDisk(deps: AlertDeps, open: readonly Alert[]): Promise<readonly Cause[]> {
  const free = await deps.freeBytes()
  const wasLow = open.some(({ cause }) => cause === 'disk')
  if (free >= (wasLow ? lowDisk.until : lowDisk.below)) return []
  const words = `${(free / gigabyte).toFixed(1)} GB are free; nothing can be stored on a full disk`
  return [{ cause: 'disk', detail: `${words}. Make room. Next: npx understudy doctor` }]
}

/** While Temporal cannot be asked, what was known stays known. */
async function brokenStories(deps: AlertDeps, open: readonly Alert[]): Promise<readonly Cause[]> {
  try {
    return (await deps.brokenStories()).map(({ type, count }) => ({
      cause: `story:${type}`,
      detail:
        `${count} open ${type} ${count === 1 ? 'workflow' : 'workflows'} cannot go on: the workflow's code fails (a bug, or a change that open ` +
        'workflows cannot replay). Nothing is lost; they go on when the fix is deployed. Next: open one of them in the Temporal UI and read its ' +
        'failed workflow task (docs/operations.md)',
    }))
  } catch (error) {
    deps.log.warn(errorFields(error), 'Temporal could not be asked which workflows fail; it is asked again soon')
    return open.filter(({ cause }) => cause.startsWith('story:'))
  }
}

/** Tells once per cause; who could not be told is told next time. */
async function tellNew(deps: AlertDeps): Promise<void> {
  for (const { cause, detail, told } of await openAlerts(deps.db)) {
    if (told) continue
    await deps.tell(detail)
    await recordTold(deps.db, cause)
  }
}

/**
 * One look at what operators have to know: a queue that stands, a token that a platform refuses, a disk that fills up, a
 * workflow whose code fails. Each cause is told once, with the next command, until it is gone. Load tests and paused bots are no cause.
 * @throws whatever the database or `tell` throws; the next look goes on from there.
 */
export async function checkAlerts(deps: AlertDeps): Promise<void> {
  const open = await openAlerts(deps.db)
  const causes = (
    await Promise.all([
      slowQueue(deps),
      putAside(deps),
      lockedOut(deps),
      closedPeopleChannels(deps),
      littleDisk(deps, open),
      brokenStories(deps, open),
    ])
  ).flat()
  for (const cause of causes) await raiseAlert(deps.db, cause)
  const gone = open.map(({ cause }) => cause).filter((cause) => ours.test(cause) && !lasts(causes, cause))
  await closeAlerts(deps.db, gone)
  await tellNew(deps)
}

/** Looks now and every 30 s. @returns a function that stops it. */
export function watchAlerts(deps: AlertDeps): () => Promise<void> {
  let looking = Promise.resolve()
  const look = () => {
    looking = looking
      .then(() => checkAlerts(deps))
      .catch((error: unknown) =>
        deps.log.warn(errorFields(error), 'alerts could not be looked at; they are again soon'),
      )
  }
  look()
  const timer = setInterval(look, lookEveryMs)
  return async () => {
    clearInterval(timer)
    await looking
  }
}
