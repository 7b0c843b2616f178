import { EventEmitter, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify } from './processes/identity.ts'
import type { ProcessNote } from './processes/run-file.ts'
import { drainMilliseconds } from './processes/running.ts'
import type { Ending, OnSpawn, Running } from './processes/running.ts'
import { reasonOf } from './problem.ts'

/** Something that runs in processes of its own. */
export interface Service<T> {
  readonly name: string
  readonly logFile: string
  readonly stopSignal?: ProcessNote['stopSignal']
  /** Services of the same supervisor that it cannot work without: a crash while one of them is down is not its own fault. */
  readonly needs?: readonly string[]
  /** Starts it and resolves when it is ready. It must hand every process to `onSpawn` at once. */
  readonly start: (onSpawn: OnSpawn) => Promise<T>
}

export interface SupervisorOptions {
  readonly say: (line: string) => void
  /** Called with all running processes whenever they change, in the order of their start; it keeps `run.json`. */
  readonly note: (processes: readonly ProcessNote[]) => Promise<void>
  /** The wait before the second restart in a row; it doubles with every further crash. 500 if unset. */
  readonly firstDelayMs?: number
  readonly drainMs?: number
  /** A clock in milliseconds that never jumps. */
  readonly now?: () => number
}

export interface Supervisor {
  /** Starts a service and keeps it running; rejects only when the first start fails. */
  readonly keep: <T>(service: Service<T>) => Promise<T>
  /** Runs a job that ends by itself, noted and stopped like a service but never restarted. */
  readonly once: <T>(job: Service<T>) => Promise<T>
  /** Stops everything in reverse order of its start, each with time to drain. */
  readonly stopAll: () => Promise<void>
  /** Ends everything at once, without waiting. */
  readonly killAll: () => void
}

const longestDelayMs = 30_000
/** A service that was ready for this long is well: its next crash counts as the first one. */
const wellAfterMs = 30_000

/** Milliseconds to wait before the n-th restart in a row, n from 0: the first comes at once. */
export const backOff = (restarts: number, firstDelayMs: number): number =>
  restarts === 0 ? 0 : Math.min(firstDelayMs * 2 ** (restarts - 1), longestDelayMs)

/** One service's place in the order of starts, whichever process fills it now. */
interface Place {
  readonly name: string
  running: Running | undefined
  note: ProcessNote | undefined
  isAlive: boolean
  /** When its newest process was begun, and when that was ready; `undefined` until it is. */
  begunAt: number
  readyAt: number | undefined
}

type RegisterOptions = Pick<SupervisorOptions, 'say' | 'note'> & { readonly now: () => number }

/** The notes about the places, written one after the other. */
function createNotes({ say, note }: RegisterOptions, places: readonly Place[]): () => Promise<void> {
  let writing = Promise.resolve()
  return () =>
    (writing = writing
      .then(() => note(places.flatMap((place) => (place.note ? [place.note] : []))))
      .catch((error: unknown) => say(`run.json could not be written: ${reasonOf(error)}`)))
}

/** The places in their order. */
function createRegister(options: RegisterOptions) {
  const { now } = options
  const places: Place[] = []
  const changes = new EventEmitter()
  const write = createNotes(options, places)
  const open = (name: string): Place => {
    const place = { name, running: undefined, note: undefined, isAlive: false, begunAt: now(), readyAt: undefined }
    places.push(place)
    return place
  }
  const fill = async (place: Place, service: Service<unknown>, running: Running) => {
    place.running = running
    place.isAlive = true
    void running.ended.then(() => {
      if (place.running === running) place.isAlive = false
    })
    const { pid, started } = await identify(running.pid)
    place.note = { name: service.name, pid, started, log: service.logFile, stopSignal: service.stopSignal ?? 'SIGTERM' }
    await write()
    await running.ended
    if (place.running !== running) return
    place.note = undefined
    await write()
  }
  const begin = (place: Place) => {
    place.begunAt = now()
    place.readyAt = undefined
  }
  const ready = (place: Place) => {
    place.readyAt = now()
    changes.emit('ready')
  }
  const isUp = ({ isAlive, readyAt }: Place): boolean => isAlive && readyAt !== undefined
  /** One of these services that is down, or that was down after `since`. */
  const missing = (names: readonly string[], since = Infinity): Place | undefined => {
    const needed = places.filter(({ name }) => names.includes(name))
    return needed.find((place) => !isUp(place)) ?? needed.find(({ readyAt = 0 }) => readyAt > since)
  }
  const untilUp = async (names: readonly string[], signal: AbortSignal): Promise<void> => {
    while (!signal.aborted && missing(names)) await once(changes, 'ready', { signal }).catch(() => undefined)
  }
  return { places, open, fill, begin, ready, missing, untilUp, settled: () => write() }
}

/** Resolves when the service's process has ended and nothing of its group is left, which could hold ports, files or memory. */
async function ended({ running }: Place): Promise<Ending> {
  const ending = (await running?.ended) ?? 'it never ran'
  running?.kill()
  return ending
}

/** Keeps processes running: restarts them with back-off, keeps notes of them, stops them in reverse order. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { say, firstDelayMs = 500, drainMs = drainMilliseconds, now = () => performance.now() } = options
  const register = createRegister({ ...options, now })
  const stopping = new AbortController()

  const startIn = async <T>(place: Place, service: Service<T>): Promise<T> => {
    if (stopping.signal.aborted) throw new Error('everything is being stopped')
    register.begin(place)
    const result = await service.start((running) => {
      void register.fill(place, service, running)
      // It was spawned while the others were being stopped, so nobody else will stop it.
      if (stopping.signal.aborted) void running.stop(drainMs)
    })
    register.ready(place)
    return result
  }

  /** Waits until it is time for the next restart, after `restarts` in a row. @returns how many are in a row with it. */
  const waitToRestart = async (
    place: Place,
    { name, needs = [], logFile }: Service<unknown>,
    { ending, restarts }: { readonly ending: Ending; readonly restarts: number },
  ): Promise<number> => {
    const what = `${name} ended (${ending})`
    const log = `Its log: ${logFile}`
    // What it needs was down while it ran, or so short a time ago that it may have ended of that.
    const down = register.missing(needs, Math.max(place.begunAt, now() - wellAfterMs))
    if (down) say(`${what} while ${down.name} was down; starting it again as soon as that is back. ${log}`)
    else {
      const delay = backOff(restarts, firstDelayMs)
      say(`${what}; starting it again ${delay === 0 ? 'at once' : `in ${delay / 1000} s`}. ${log}`)
      await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
    await register.untilUp(needs, stopping.signal)
    return down ? restarts : restarts + 1
  }

  const revive = async (place: Place, service: Service<unknown>): Promise<void> => {
    let restarts = 0
    let ending = await ended(place)
    while (!stopping.signal.aborted) {
      if (place.readyAt !== undefined && now() - place.readyAt >= wellAfterMs) restarts = 0
      restarts = await waitToRestart(place, service, { ending, restarts })
      try {
        await startIn(place, service)
        say(`${service.name} is back`)
        ending = await ended(place)
      } catch (error) {
        ending = `it did not start: ${reasonOf(error).split('\n')[0] ?? ''}`
      }
    }
  }

  return {
    keep: async (service) => {
      const place = register.open(service.name)
      const result = await startIn(place, service)
      void revive(place, service)
      return result
    },
    once: (job) => startIn(register.open(job.name), job),
    stopAll: async () => {
      stopping.abort()
      for (const { running } of register.places.toReversed()) await running?.stop(drainMs)
      await register.settled()
    },
    killAll: () => {
      stopping.abort()
      for (const { running } of register.places) running?.kill()
    },
  }
}
