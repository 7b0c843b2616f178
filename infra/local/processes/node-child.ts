import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { inheritedEnvironment } from '../../config.ts'
import { LocalProblem } from '../problem.ts'
import { launch, tailOf } from './running.ts'
import type { OnSpawn, Running } from './running.ts'

/** What `npm run build` has made: every program is a file there, by the name of its source. */
export const builtFolder = fileURLToPath(new URL('../../../', import.meta.url))
/** Tests, benches, proofs and stories, built in the same way. */
export const testFolder = join(builtFolder, 'test')
/** The root of the repository, which holds it; every child runs there. */
export const repositoryRoot = dirname(join(builtFolder, '.'))

const message = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('ready'), url: z.string().optional(), log: z.string().optional() }),
  z.object({ type: z.literal('progress'), text: z.string() }),
  z.object({ type: z.literal('done'), result: z.unknown().optional() }),
])

export interface NodeChildOptions {
  /** A program as it was built, from `builtFolder`. */
  readonly file: string
  readonly args?: readonly string[]
  /** Added to the inherited environment. */
  readonly env: Readonly<Record<string, string>>
  readonly logFile: string
  readonly readyTimeoutMs: number
  readonly onProgress?: (text: string) => void
  readonly onSpawn?: OnSpawn
  readonly noteIn?: string
}

export interface ReadyChild extends Running {
  /** What the child said with `ready`. */
  readonly url: string | undefined
  readonly log: string | undefined
}

async function startNode(options: NodeChildOptions): Promise<Running> {
  return await launch(process.execPath, [resolve(builtFolder, options.file), ...(options.args ?? [])], {
    cwd: repositoryRoot,
    env: { ...inheritedEnvironment(), ...options.env },
    logFile: options.logFile,
    onSpawn: options.onSpawn,
    noteIn: options.noteIn,
    ipc: true,
  })
}

interface Said {
  readonly ready: { readonly url?: string | undefined; readonly log?: string | undefined } | undefined
  readonly done: unknown
}

/** Resolves with the first `ready` or `done`; rejects when the child ends or the time is over before that. */
function listen(child: Running, options: NodeChildOptions, name: string): Promise<Said> {
  return new Promise((resolve, reject) => {
    const fail = async (what: string) => {
      const tail = await tailOf(options.logFile)
      reject(new LocalProblem(`${name} ${what}${tail && `:\n${tail}`}`, `read ${options.logFile}`))
    }
    const timer = setTimeout(
      () => void fail(`was not ready within ${options.readyTimeoutMs / 1000} s`),
      options.readyTimeoutMs,
    )
    child.child.on('message', (raw) => {
      const parsed = message.safeParse(raw)
      if (!parsed.success) return
      if (parsed.data.type === 'progress') return options.onProgress?.(parsed.data.text)
      clearTimeout(timer)
      resolve(
        parsed.data.type === 'ready'
          ? { ready: parsed.data, done: undefined }
          : { ready: undefined, done: parsed.data.result },
      )
    })
    void child.ended.then((ending) => {
      clearTimeout(timer)
      if (ending === 'exit code 0') resolve({ ready: undefined, done: undefined })
      else void fail(`ended with ${ending}`)
    })
  })
}

/**
 * Starts a service and waits until it says `ready` over IPC.
 * @throws LocalProblem with the end of its log when it ends or is not ready in time; it is stopped then.
 */
export async function startService(name: string, options: NodeChildOptions): Promise<ReadyChild> {
  const running = await startNode(options)
  try {
    const { ready } = await listen(running, options, name)
    if (!ready) throw new LocalProblem(`${name} ended instead of serving`, `read ${options.logFile}`)
    return { ...running, url: ready.url, log: ready.log }
  } catch (error) {
    await running.stop(1000)
    throw error
  }
}

/**
 * Starts a one-shot job; resolves when it says `ready` (the rest of it goes on behind), is done, or has exited well.
 * @throws LocalProblem with the end of its log when it fails or takes too long; it is stopped then.
 */
export async function runJob(name: string, options: NodeChildOptions): Promise<unknown> {
  const running = await startNode(options)
  try {
    return (await listen(running, options, name)).done
  } catch (error) {
    await running.stop(1000)
    throw error
  }
}
