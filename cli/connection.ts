import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { NothingAnswers } from './failure.ts'

const runFile = z.object({
  supervisor: z.object({ pid: z.number() }).nullish(),
  urls: z.object({ api: z.url({ protocol: /^https?$/ }).optional() }).default({}),
  adminToken: z.string().min(1).optional(),
  processes: z.array(z.object({ name: z.string(), log: z.string() })).default([]),
})

/** A log file of this machine, by the name of its process. */
export interface LogFile {
  readonly process: string
  readonly path: string
}

/** Where the operator API is, and what opens it. */
export interface Connection {
  /** Without a trailing slash. */
  readonly api: string
  readonly token: string | undefined
  /** The log files of an instance on this machine; empty for another one. */
  readonly logs: readonly LogFile[]
}

/** What a person said about the connection. */
export interface ConnectionOptions {
  readonly api?: string | undefined
  readonly token?: string | undefined
}

const notRunning = (home: string) =>
  new NothingAnswers(
    `Understudy does not run on the data folder ${home}.`,
    'Start it with `npm start`, or name another one with --api <url> --token <token>.',
  )

/** What `npm start` wrote down about itself; `undefined` when there is nothing that can be read. */
async function readRun(home: string): Promise<z.infer<typeof runFile> | undefined> {
  const text = await readFile(join(home, 'run.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return runFile.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/**
 * Finds the operator API: as named, else that of the instance that `run.json` in the data folder describes. The local
 * token goes to the local API only.
 * @throws NothingAnswers when nothing is named and nothing runs.
 */
export async function connect(options: ConnectionOptions, homeOf: () => string): Promise<Connection> {
  if (options.api !== undefined) return { api: options.api.replace(/\/+$/, ''), token: options.token, logs: [] }
  const home = homeOf()
  const run = await readRun(home)
  if (run?.urls.api === undefined || !run.supervisor) throw notRunning(home)
  return {
    api: run.urls.api.replace(/\/+$/, ''),
    token: options.token ?? run.adminToken,
    logs: run.processes.map(({ name, log }) => ({ process: name, path: log })),
  }
}
