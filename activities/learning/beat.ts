import { heartbeat } from '@temporalio/activity'

const everyMs = 3_000

/** Heartbeats while something goes on, so that a worker that was killed is noticed in seconds. */
export async function beatWhile<T>(work: Promise<T>): Promise<T> {
  heartbeat()
  const beating = setInterval(() => heartbeat(), everyMs)
  try {
    return await work
  } finally {
    clearInterval(beating)
  }
}
