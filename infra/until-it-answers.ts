import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { errorFields } from './logger.ts'

export interface Waiting {
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** Aborted when the process has been asked to stop: then nothing is waited for any more. */
  readonly stopping: AbortSignal
}

/** A server as a process meets it at its start. */
export interface Server<T> {
  readonly name: string
  readonly ask: () => Promise<T>
  /** Whether it may answer later with nothing changed here; anything else is thrown at once. */
  readonly isOutage: (error: unknown) => boolean
}

const firstPauseMs = 100
/** Short enough for a worker to be back a few seconds after the server. */
const longestPauseMs = 2_000
/** How many attempts pass until the log says again that the server is waited for: about half a minute. */
const sayEvery = 15

/**
 * Asks a server until it answers. A process that waits is back sooner, and says more, than one that crashes again and again.
 * @throws what is no outage, and the last outage when the process has been asked to stop.
 */
export async function untilItAnswers<T>({ name, ask, isOutage }: Server<T>, { log, stopping }: Waiting): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await ask()
      if (attempt > 0) log.info({ attempt }, `${name} answers now`)
      return answer
    } catch (error) {
      if (stopping.aborted || !isOutage(error)) throw error
      if (attempt % sayEvery === 0)
        log.warn({ attempt, ...errorFields(error) }, `${name} does not answer; waiting for it`)
      await sleep(Math.min(firstPauseMs * 2 ** attempt, longestPauseMs), undefined, { signal: stopping }).catch(() => {
        throw error
      })
    }
  }
}
