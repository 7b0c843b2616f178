import { fork, type ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { ServiceUnavailable } from '../../domain/errors.ts'
import type { FromChild } from './decoder-child.ts'

export interface DecoderProcessLimits {
  /** From handing a picture to a child that is ready to its answer. */
  readonly pictureMs: number
  /** From the fork until the child is ready; starting is never held against a picture. */
  readonly startMs: number
  /** The child's JavaScript heap; pixels live outside of it and are bounded by the pixel limit. */
  readonly heapMegabytes: number
}

/** What became of one picture in a child: its answer, or how the child was lost over it. */
export type Attempt = Exclude<FromChild, { readonly kind: 'ready' }> | { readonly kind: 'crashed' | 'timed-out' }

/** One child process that decodes one picture at a time. */
export interface DecoderProcess {
  readonly pid: number | undefined
  isAlive(): boolean
  /** Never rejects; after `crashed` and `timed-out` the process is gone. */
  decode(bytes: Uint8Array): Promise<Attempt>
  kill(): void
}

/** As it was built: what runs is never a source. */
const childModule = new URL('./decoder-child.js', import.meta.url)

function forkChild(heapMegabytes: number): ChildProcess {
  return fork(childModule, {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${heapMegabytes}`],
    // No environment: the process that touches hostile bytes holds no secrets. libvips' warnings may quote a file, so they are off.
    env: { VIPS_WARNING: '1', MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

/** The next message, or how the child was lost while waiting for one. */
async function nextMessage(child: ChildProcess, withinMs: number): Promise<FromChild | Attempt> {
  const over = new AbortController()
  const message = new Promise<FromChild | Attempt>((resolve) => {
    const crashed = () => resolve({ kind: 'crashed' })
    const heard = (said: unknown) => resolve(said as FromChild)
    child.once('message', heard).once('exit', crashed).once('error', crashed)
    over.signal.addEventListener('abort', () => child.off('message', heard).off('exit', crashed).off('error', crashed))
  })
  const late = delay(withinMs, { kind: 'timed-out' } as const, { signal: over.signal }).catch(
    () => ({ kind: 'timed-out' }) as const,
  )
  try {
    return await Promise.race([message, late])
  } finally {
    over.abort()
  }
}

/** Keeps this process from ending while a picture is in work, and lets it end while the child idles. */
function hold(child: ChildProcess): () => void {
  child.ref()
  child.channel?.ref()
  return () => {
    child.unref()
    child.channel?.unref()
  }
}

/**
 * Starts a child and waits until it is ready.
 * @throws ServiceUnavailable when it does not get ready: that is this machine's fault, no picture's.
 */
export async function startDecoderProcess(limits: DecoderProcessLimits): Promise<DecoderProcess> {
  const child = forkChild(limits.heapMegabytes)
  let lost = false
  const kill = () => {
    lost = true
    child.kill('SIGKILL')
  }
  child.on('error', kill).on('exit', kill)
  const ask = async (bytes: Uint8Array | undefined, withinMs: number) => {
    const release = hold(child)
    const answer = nextMessage(child, withinMs)
    if (bytes !== undefined) child.send(bytes, () => undefined)
    const said = await answer
    if (said.kind === 'timed-out' || said.kind === 'crashed') kill()
    release()
    return said
  }
  const first = await ask(undefined, limits.startMs)
  if (first.kind !== 'ready')
    throw new ServiceUnavailable('the picture decoder', `its process ${first.kind} at the start`)
  return {
    pid: child.pid,
    isAlive: () => !lost && child.connected,
    decode: async (bytes) => {
      if (lost || !child.connected) return { kind: 'crashed' }
      const said = await ask(bytes, limits.pictureMs)
      return said.kind === 'ready' ? { kind: 'crashed' } : said
    },
    kill,
  }
}
