import { setTimeout as sleep } from 'node:timers/promises'
import { ApiRefused, CommandFailed } from './failure.ts'
import type { CommandContext } from './command.ts'

/** Nothing is said before this: most answers are there sooner. */
const quietMs = 2_000
const firstPauseMs = 100
const longestPauseMs = 1_000

export interface Waiting<T> {
  /** Looks once; `undefined` while it is not there. */
  readonly look: () => Promise<T | undefined>
  /** What is waited for, after "waiting for". */
  readonly what: string
  readonly timeoutMs: number
  /** What to do when it does not come in time. */
  readonly next: string
  /** Asked once, when the wait gets long: why it may take long. */
  readonly why?: () => Promise<string | undefined>
  /** How far it is, as the last look found it. */
  readonly progress?: () => string | undefined
}

/** An API that has too much to do, or whose database is away, has it later. */
function unlessBusy(error: unknown): undefined {
  if (!(error instanceof ApiRefused && error.status === 503)) throw error
  return undefined
}

/**
 * Looks again and again until it is there, and says so when that takes longer than 2 s.
 * @throws CommandFailed when it does not come in time, or Ctrl-C is pressed: what was asked for goes on.
 */
export async function waitFor<T>({ terminal, interrupted }: CommandContext, waiting: Waiting<T>): Promise<T> {
  const { look, what, timeoutMs, next, why, progress } = waiting
  const begun = performance.now()
  let reason: string | undefined
  for (let pause = firstPauseMs, asked = false; ; pause = Math.min(pause * 1.5, longestPauseMs)) {
    const found = await look().catch(unlessBusy)
    if (found !== undefined) {
      terminal.progress(undefined)
      return found
    }
    const waited = performance.now() - begun
    if (waited > timeoutMs)
      throw new CommandFailed(
        `No ${what} within ${Math.round(timeoutMs / 1000)} s${reason ? `: ${reason}` : ''}.`,
        next,
      )
    if (waited > quietMs) {
      if (!asked) reason = await why?.()
      asked = true
      const seconds = terminal.watched ? `, ${Math.floor(waited / 1000)} s` : ''
      const far = progress?.() ?? reason
      terminal.progress(`waiting for the ${what}${seconds}${far ? ` (${far})` : ''} …`)
    }
    await sleep(pause, undefined, { signal: interrupted }).catch(() => {
      throw new CommandFailed(`You stopped waiting for the ${what}; it goes on.`, next)
    })
  }
}
