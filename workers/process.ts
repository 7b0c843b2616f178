import type { NativeConnection } from '@temporalio/worker'
import type { Logger } from 'pino'
import { type Config, configOfThisProcess } from '../infra/config.ts'
import { createLogger, errorFields } from '../infra/logger.ts'
import type { Families } from '../models/family.ts'
import type { Networks } from './open-models.ts'

/** What a process is given to start with. */
export interface ProcessContext {
  readonly config: Config
  readonly log: Logger
  /** Whoever acquires registers the release; releases run in reverse, each once. */
  readonly onRelease: (release: () => unknown) => void
  /** Aborted when the process has been asked to stop. */
  readonly stopping: AbortSignal
  /** Ends the process when something that must not stop has stopped. */
  readonly fail: (error: unknown) => void
}

/** What a role is started with: its process, the kinds of models, and what the roles of that process share. */
export interface RoleContext extends ProcessContext {
  readonly families: Families
  readonly networks: Networks
  /** The connection of all its workers. */
  readonly temporal: () => Promise<NativeConnection>
}

/** One thing that a process does. Resolves when it is ready. */
export type Role = (context: RoleContext) => Promise<void>

/** What the supervisor hears over IPC. */
export type ProcessMessage =
  | { readonly type: 'ready'; readonly url?: string }
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'done'; readonly result?: unknown }

/** Tells the supervisor, if there is one. */
export const tellSupervisor = (message: ProcessMessage): void => {
  process.send?.(message)
}

async function releaseAll(releases: (() => unknown)[], log: Logger): Promise<void> {
  for (const release of releases.splice(0).reverse())
    try {
      await release()
    } catch (error) {
      log.warn(errorFields(error), 'a release failed; the others go on')
    }
}

/**
 * Runs a process until it is told to stop: by SIGTERM or SIGINT, or because its supervisor is gone. `start` resolves when
 * the process is ready; what it returns is told to the supervisor.
 */
export async function runProcess(
  name: string,
  start: (context: ProcessContext) => Promise<{ readonly url?: string }>,
): Promise<void> {
  const config = configOfThisProcess()
  const log = createLogger(name, config.logLevel)
  const releases: (() => unknown)[] = []
  const stopping = new AbortController()
  const stop = (exitCode: number, why: string): void => {
    if (stopping.signal.aborted) return
    stopping.abort()
    log.info({ why }, 'stopping')
    void releaseAll(releases, log).finally(() => process.exit(exitCode))
  }
  process.on('SIGTERM', () => stop(0, 'SIGTERM'))
  process.on('SIGINT', () => stop(0, 'SIGINT'))
  process.on('disconnect', () => stop(0, 'the supervisor is gone'))
  const fail = (error: unknown) => {
    log.error({ ...errorFields(error), stack: framesOf(error) }, 'the process cannot go on')
    stop(1, 'failure')
  }
  try {
    const onRelease = (release: () => unknown) => void releases.push(release)
    const ready = await start({ config, log, onRelease, stopping: stopping.signal, fail })
    tellSupervisor({ type: 'ready', ...ready })
    log.info(ready, 'ready')
  } catch (error) {
    // Whatever it was waiting for: it has been asked to stop meanwhile, and does.
    if (!stopping.signal.aborted) fail(error)
  }
}

/** The frames of an error's stack, without its message. */
const framesOf = (error: unknown): string | undefined =>
  error instanceof Error
    ? error.stack
        ?.split('\n')
        .filter((line) => line.startsWith('    at '))
        .join('\n')
    : undefined
