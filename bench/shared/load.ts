import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '../../domain/quantile.ts'

/** Times in milliseconds; rates per second. */
export interface LoadResult {
  readonly count: number
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

const resultOf = (times: readonly number[], elapsedMs: number): LoadResult => ({
  count: times.length,
  perSecond: Math.round((times.length / elapsedMs) * 10_000) / 10,
  p50: Math.round(quantile(times, 0.5)),
  p95: Math.round(quantile(times, 0.95)),
  p99: Math.round(quantile(times, 0.99)),
})

/** Runs `once` until `count` are done, `inFlight` at a time, and times each. */
export async function closedLoop(
  load: { readonly count: number; readonly inFlight: number },
  once: (index: number) => Promise<void>,
): Promise<LoadResult> {
  const times: number[] = []
  let next = 0
  const startedAt = performance.now()
  const runner = async () => {
    for (let index = next++; index < load.count; index = next++) {
      const began = performance.now()
      await once(index)
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: load.inFlight }, runner))
  return resultOf(times, performance.now() - startedAt)
}

const lookEveryMs = 20
const chunkBytes = 1 << 20

/** One line of the Slack simulator's log of accepted writes. */
interface AcceptedPost {
  readonly channel: string
  readonly threadTs?: string
}

/**
 * Tells when the bot's replies become visible, from the log that the Slack simulator writes before it acknowledges a post:
 * asking the simulator again and again would be load of its own.
 */
export async function watchReplies(acceptedLog: string): Promise<{
  readonly replied: (id: string) => Promise<void>
  readonly stop: () => void
}> {
  const log = await open(acceptedLog)
  const waiting = new Map<string, () => void>()
  const seen = new Set<string>()
  const buffer = Buffer.alloc(chunkBytes)
  let rest = ''
  let stopped = false
  const look = async (): Promise<void> => {
    const { bytesRead } = await log.read(buffer, 0, chunkBytes, null)
    const lines = (rest + buffer.toString('utf8', 0, bytesRead)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const post = JSON.parse(line) as AcceptedPost
      const id = `${post.channel}/${post.threadTs ?? ''}`
      seen.add(id)
      waiting.get(id)?.()
      waiting.delete(id)
    }
  }
  const loop = async () => {
    while (!stopped) {
      await look()
      await sleep(lookEveryMs)
    }
    await log.close()
  }
  void loop()
  return {
    replied: (id) => (seen.has(id) ? Promise.resolve() : new Promise((resolve) => waiting.set(id, resolve))),
    stop: () => {
      stopped = true
    },
  }
}
