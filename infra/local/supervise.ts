import { setTimeout as sleep } from 'node:timers/promises'
import { identify } from './processes/identity.ts'
import type { ProcessNote } from './processes/run-file.ts'
import { drainMilliseconds } from './processes/running.ts'
import type { OnSpawn, Running } from './processes/running.ts'
import { reasonOf } from './problem.ts'

/** Something that runs in processes of its own. */
export interface Service<T> {
  readonly name: string
  readonly logFile: string
  readonly stopSignal?: ProcessNote['stopSignal']
  /** Starts it and resolves when it is ready. It must hand every process to `onSpawn` at once. */
  readonly start: (onSpawn: OnSpawn) => Promise<T>
}

export interface SupervisorOptions {
  readonly say: (line: string) => void
  /** Called with all running processes whenever they change, in the order of their start; it keeps `run.json`. */
  readonly note: (processes: readonly ProcessNote[]) => Promise<void>
  /** The wait before the first restart; it doubles with every further crash. 500 if unset. */
  readonly firstDelayMs?: number
  readonly drainMs?: number
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
/** A process that ran this long is taken to be well: its next crash starts with the shortest wait again. */
const wellAfterMs = 60_000

/** Milliseconds to wait before the n-th restart in a row, n from 0. */
export const backOff = (restarts: number, firstDelayMs: number): number =>
  Math.min(firstDelayMs * 2 ** restarts, longestDelayMs)

/** One service's place in the order of starts, whichever process fills it now. */
interface Place {
  running: Running | undefined
  note: ProcessNote | undefined
}

/** The places in their order, and the notes about them, written one after the other. */
function createRegister(options: SupervisorOptions) {
  const places: Place[] = []
  let writing = Promise.resolve()
  const write = () =>
    (writing = writing
      .then(() => options.note(places.flatMap(({ note }) => (note ? [note] : []))))
      .catch((error: unknown) => options.say(`run.json could not be written: ${reasonOf(error)}`)))
  const fill = async (place: Place, service: Service<unknown>, running: Running) => {
    place.running = running
    const { pid, started } = await identify(running.pid)
    place.note = { name: service.name, pid, started, log: service.logFile, stopSignal: service.stopSignal ?? 'SIGTERM' }
    await write()
    await running.ended
    if (place.running !== running) return
    place.note = undefined
    await write()
  }
  const open = (): Place => {
    const place: Place = { running: undefined, note: undefined }
    places.push(place)
    return place
  }
  return { places, open, fill, settled: () => write() }
}

/** Keeps processes running: restarts them with back-off, keeps notes of them, stops them in reverse order. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { say, firstDelayMs = 500, drainMs = drainMilliseconds } = options
  const register = createRegister(options)
  const stopping = new AbortController()

  const startIn = async <T>(place: Place, service: Service<T>): Promise<T> => {
    if (stopping.signal.aborted) throw new Error('everything is being stopped')
    return await service.start((running) => {
      void register.fill(place, service, running)
      // It was spawned while the others were being stopped, so nobody else will stop it.
      if (stopping.signal.aborted) void running.stop(drainMs)
    })
  }

  const revive = async (place: Place, service: Service<unknown>): Promise<void> => {
    for (let [restarts, since] = [0, Date.now()]; place.running !== undefined;) {
      let ending = await place.running.ended
      if (Date.now() - since > wellAfterMs) restarts = 0
      for (let back = false; !back; restarts += 1) {
        if (stopping.signal.aborted) return
        const delay = backOff(restarts, firstDelayMs)
        say(`${service.name} ended (${ending}); starting it again in ${delay / 1000} s. Its log: ${service.logFile}`)
        await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined)
        back = await startIn(place, service).then(
          () => true,
          (error: unknown) => {
            ending = `it did not start: ${reasonOf(error).split('\n')[0] ?? ''}`
            return false
          },
        )
      }
      since = Date.now()
      say(`${service.name} is back`)
    }
  }

  return {
    keep: async (service) => {
      const place = register.open()
      const result = await startIn(place, service)
      void revive(place, service)
      return result
    },
    once: (job) => startIn(register.open(), job),
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
