import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { acceptedFile } from './ledger.ts'
import type { Listening } from './server.ts'

/** What a simulator's own process is told on its command line. */
export interface Standalone {
  readonly port: number
  readonly dataFolder: string
  /** The content of the secrets file, unchecked: an array of apps, or an object that holds it as `apps`. */
  readonly apps: unknown
}

const usage = 'usage: main.ts --data <folder> --secrets <path of a JSON file> [--port <number, 0 for a free one>]'

const argsShape = z.object({ port: z.coerce.number().int().min(0).max(65535), data: z.string(), secrets: z.string() })

/** @throws Error that says how it is used. */
function readArgs(defaultPort: number): Standalone {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, data: { type: 'string' }, secrets: { type: 'string' } },
  })
  const parsed = argsShape.safeParse({ port: `${defaultPort}`, ...values })
  if (!parsed.success) throw new Error(usage)
  const content: unknown = JSON.parse(readFileSync(parsed.data.secrets, 'utf8'))
  const apps = typeof content === 'object' && content !== null && 'apps' in content ? content.apps : content
  return { port: parsed.data.port, dataFolder: parsed.data.data, apps }
}

function explain(name: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return `the ${name} simulator cannot start: its port on 127.0.0.1 is taken. Give another with --port, or 0 for a free one.`
  return `the ${name} simulator cannot start: ${error instanceof Error ? error.message : String(error)}`
}

/**
 * Runs a simulator as this process: tells the parent its URL (`{type:'ready', url, log}`, the log being that of accepted writes), and ends on SIGTERM, on SIGINT, and when
 * the parent is gone. A start that fails ends with exit code 1 and one line of explanation.
 */
export async function runStandalone(
  options: { readonly name: string; readonly defaultPort: number },
  create: (standalone: Standalone) => Promise<Listening>,
): Promise<void> {
  try {
    const standalone = readArgs(options.defaultPort)
    const simulator = await create(standalone)
    const stop = () => void simulator.close().finally(() => process.exit(0))
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
    process.once('disconnect', stop)
    process.stdout.write(`the ${options.name} simulator listens on ${simulator.url}\n`)
    process.send?.({ type: 'ready', url: simulator.url, log: join(standalone.dataFolder, acceptedFile) })
  } catch (error) {
    process.stderr.write(`${explain(options.name, error)}\n`)
    process.exit(1)
  }
}
