import { parseArgs } from 'node:util'
import { reasonOf } from '../problem.ts'

export interface StartOptions {
  /** Run the main job, stop everything, exit. */
  readonly once: boolean
  /** One line of JSON at the end of standard output; all else goes to standard error. */
  readonly json: boolean
  /** Move the data aside first; the cache stays. */
  readonly fresh: boolean
  readonly help: boolean
}

export const usage = `npm start [-- --once] [-- --json] [-- --fresh]

Starts everything on this machine and stays; Ctrl-C stops it all.
  --once    ask the bot one question, show its answer, stop everything, exit 0
  --json    end with one line of JSON (the question, the answer, times, addresses)
  --fresh   move the data aside first; what was downloaded stays
  --help    this text

Settings come from the environment and from .env (see .env.example).
  npm start -- --once --json      as a check, for scripts
  npm start -- --fresh            as on the first day`

/** Reads the command line; a string is what is wrong with it. */
export function readOptions(args: readonly string[]): StartOptions | string {
  const flag = { type: 'boolean', default: false } as const
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { once: flag, json: flag, fresh: flag, help: flag },
      strict: true,
    })
    return { ...values }
  } catch (error) {
    return reasonOf(error)
  }
}
