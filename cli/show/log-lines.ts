import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { LogFile } from '../connection.ts'

/** One log line of one process. */
export interface LogLine {
  readonly process: string
  /** Milliseconds since 1970; 0 when the line does not say. */
  readonly time: number
  readonly level: string
  readonly text: string
}

/** A pino line; `level` is its number. */
const pinoLine = z.looseObject({ time: z.number(), level: z.number(), msg: z.string().default('') })
const levels: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}
/** Newest lines are the ones that matter. */
const mostLines = 200

function parse(process: string, line: string): LogLine {
  try {
    const { time, level, msg, ...fields } = pinoLine.parse(JSON.parse(line))
    const told = Object.entries(fields).filter(([name]) => name !== 'process' && name !== 'name')
    const more = told.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    return { process, time, level: levels[level] ?? String(level), text: [msg, ...more].join(' ') }
  } catch {
    return { process, time: 0, level: '', text: line }
  }
}

async function linesIn({ process, path }: LogFile, needles: readonly string[]): Promise<readonly LogLine[]> {
  const found: LogLine[] = []
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity }))
      if (needles.some((needle) => line.includes(needle))) found.push(parse(process, line))
  } catch {
    // A log that was moved or never written has nothing to say.
  }
  return found.slice(-mostLines)
}

/**
 * The lines of all log files that name one of these ids, in order of time; the newest 200.
 * @param needles ids of a message and its workflow.
 */
export async function logLines(files: readonly LogFile[], needles: readonly string[]): Promise<readonly LogLine[]> {
  const paths = new Map(files.map((file) => [file.path, file]))
  const all = await Promise.all([...paths.values()].map((file) => linesIn(file, needles)))
  return all
    .flat()
    .toSorted((one, other) => one.time - other.time)
    .slice(-mostLines)
}
