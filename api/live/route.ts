import type { ServerResponse } from 'node:http'
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { sendProblem } from '../problems.ts'
import { actorOf, allow } from '../operator/access.ts'
import type { OperatorDeps } from '../operator/context.ts'
import { createFeed } from './feed.ts'

const heartbeatEveryMs = 15_000
/** A page that reloads often must not add up. */
const mostListeners = 100
/** Whoever reads slower than this much falls behind is let go; the browser comes back and asks anew. */
const mostUnreadBytes = 1024 * 1024

const tooMany = { status: 503, title: 'Too many pages are listening', detail: 'Close some, or try again later.' }

/** Begins an event stream. @returns how to write to it; a reader that does not read is let go. */
function openStream(raw: ServerResponse): (text: string) => void {
  raw.writeHead(200, {
    ...{ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    // So that nothing is left to wait for once the stream has ended, and this process can stop at once.
    connection: 'close',
  })
  return (text) => {
    if (raw.writableLength > mostUnreadBytes) raw.destroy()
    else raw.write(text)
  }
}

/** `GET /api/live`: server-sent events for the pages. */
export const liveRoute =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    const feed = createFeed(deps, (error) =>
      deps.log.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'no look for live events'),
    )
    const open = new Set<() => void>()
    app.addHook('preClose', (closed) => {
      for (const close of open) close()
      closed()
    })
    app.get(
      '/api/live',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'What happens, as server-sent events: message, correction, bot, alert, rollout, retrain, label',
        },
      },
      (request, reply) => {
        if (feed.size() >= mostListeners) return sendProblem(reply, tooMany)
        reply.hijack()
        const write = openStream(reply.raw)
        write('retry: 2000\n\n')
        const hear = (event: string, data: object) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
        const stop = feed.listen({ actor: actorOf(request), hear })
        const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatEveryMs)
        const close = () => {
          clearInterval(heartbeat)
          stop()
          open.delete(close)
          reply.raw.end()
        }
        open.add(close)
        reply.raw.on('close', close)
        return reply
      },
    )
    done()
  }
