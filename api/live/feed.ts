import { setTimeout as sleep } from 'node:timers/promises'
import { mayAct } from '../../domain/people.ts'
import type { SignedIn } from '../../store/people/people.ts'
import { recentChanges } from '../../store/changes.ts'
import { recentLearning } from '../../store/learning/recent-changes.ts'
import type { OperatorDeps } from '../operator/context.ts'
import { presentBots, presented, presentedCorrection } from '../operator/present.ts'

const lookEveryMs = 1_000
/** What is committed late is still found, and told once: what was told is remembered for as long. */
const windowMs = 30_000
/** The figures of the bots cost more than the rest: they are looked at when something happened, and every so many looks. */
const botsEveryLooks = 10

/** One thing that stands so now. `bot` is absent for what concerns the whole installation. */
interface News {
  readonly event: 'message' | 'correction' | 'bot' | 'alert' | 'rollout' | 'retrain' | 'label'
  readonly key: string
  readonly bot?: string
  readonly data: object
}

export interface Listener {
  readonly actor: SignedIn
  readonly hear: (event: News['event'], data: object) => void
}

async function recentNews(deps: OperatorDeps): Promise<readonly News[]> {
  const { messages, corrections, alerts } = await recentChanges(deps.db, windowMs)
  const learning = await recentLearning(deps.db, windowMs)
  return [
    ...messages.map((message) => ({
      ...{ event: 'message' as const, key: message.id, bot: message.bot },
      data: presented(deps, message),
    })),
    ...corrections.map((correction) => ({
      ...{ event: 'correction' as const, key: correction.prediction, bot: correction.bot },
      data: { id: correction.prediction, ...presentedCorrection(correction) },
    })),
    // Ids only: a page that shows it asks again.
    ...learning.map(({ kind, bot, id, state }) => ({
      ...{ event: kind, key: id, bot },
      data: { id, bot, state },
    })),
    ...alerts.map(({ cause, since, detail }) => ({
      ...{ event: 'alert' as const, key: cause },
      data: { id: cause, state: 'open', since: since.toISOString(), detail },
    })),
  ]
}

const botNews = async (deps: OperatorDeps): Promise<readonly News[]> =>
  (await presentBots(deps, undefined)).map(({ name, paused, health, today, waitingForPeople }) => ({
    ...{ event: 'bot' as const, key: name, bot: name },
    data: { bot: name, paused, health, today, waitingForPeople },
  }))

const nameOf = ({ event, key }: News) => `${event} ${key}`

/** Remembers how things stood, and says what stands otherwise now. */
function createMemory() {
  let told = new Map<string, string>()
  return (news: readonly News[]): readonly News[] => {
    const now = new Map(news.map((each) => [nameOf(each), JSON.stringify(each.data)]))
    const fresh = news.filter((each) => told.get(nameOf(each)) !== now.get(nameOf(each)))
    const closed = [...told.keys()].filter((name) => name.startsWith('alert ') && !now.has(name))
    told = now
    return [
      ...fresh,
      ...closed.map((name) => ({
        ...{ event: 'alert' as const, key: name },
        data: { id: name.slice('alert '.length), state: 'closed' },
      })),
    ]
  }
}

const mayHear = ({ actor }: Listener, { bot }: News): boolean => mayAct(actor, bot ?? '*', 'viewer')

/** Looks for changes once a second while somebody listens, and never otherwise. `failed` hears of a look that did not work. */
export function createFeed(
  deps: OperatorDeps,
  failed: (error: unknown) => void,
): { readonly listen: (listener: Listener) => () => void; readonly size: () => number } {
  const listeners = new Set<Listener>()
  const changedNews = createMemory()
  const changedBots = createMemory()
  let looks = 0
  let isLooking = false
  const tell = (news: readonly News[]): void => {
    for (const listener of listeners)
      for (const each of news) if (mayHear(listener, each)) listener.hear(each.event, each.data)
  }
  const look = async (): Promise<void> => {
    const news = changedNews(await recentNews(deps))
    tell(news)
    if (news.length > 0 || looks % botsEveryLooks === 0) tell(changedBots(await botNews(deps)))
    looks += 1
  }
  const lookWhileHeard = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    while (listeners.size > 0) {
      await look().catch(failed)
      await sleep(lookEveryMs, undefined, { ref: false })
    }
    isLooking = false
  }
  return {
    size: () => listeners.size,
    listen: (listener) => {
      listeners.add(listener)
      void lookWhileHeard()
      return () => void listeners.delete(listener)
    },
  }
}
