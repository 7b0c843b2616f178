import type { ServerResponse } from 'node:http'
import type { Reply } from '../exchange.ts'

/** Who looks at a page is told of every change, as server-sent events. */
export interface Changes {
  /** Sends `event: change` with this as JSON to everybody who listens. */
  readonly tell: (change: unknown) => void
  /** Answers a request with the stream of what comes from now on. */
  readonly stream: () => Reply
}

const line = (change: unknown) => `event: change\ndata: ${JSON.stringify(change)}\n\n`

/** A stream that nobody reads any more is cut, so that it holds no memory: the page opens a new one and reads everything again. */
const mostBuffered = 1024 * 1024

/** Nobody listens at first. */
export function createChanges(): Changes {
  const listeners = new Set<ServerResponse>()
  const write = (response: ServerResponse) =>
    new Promise<void>((done) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write('retry: 500\n\n')
      listeners.add(response)
      response.once('close', () => {
        listeners.delete(response)
        done()
      })
    })
  return {
    tell: (change) => {
      for (const response of listeners)
        if (response.writableLength > mostBuffered) response.destroy()
        else response.write(line(change))
    },
    stream: () => ({ kind: 'stream', write }),
  }
}
