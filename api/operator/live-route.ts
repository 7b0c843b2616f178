import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { allow } from './access.ts'
import type { OperatorDeps } from './deps.ts'
import { presentBots, presented } from './present.ts'

const lookEveryMs = 1_000
const heartbeatEveryMs = 15_000
/** A page that reloads often must not add up. */
const mostListeners = 100

type Send = (event: string, data: unknown) => void

/** Looks for changes while somebody listens, and tells all of them. */
function createFeed(deps: OperatorDeps) {
  const listeners = new Set<Send>()
  let since = new Date()
  let timer: NodeJS.Timeout | undefined
  let states = ''
  const tell: Send = (event, data) => {
    for (const send of listeners) send(event, data)
  }
  const look = async (): Promise<void> => {
    const now = new Date()
    const changed = await deps.reports.changed(since)
    // What was committed while we looked is looked for again.
    since = new Date(now.getTime() - 500)
    for (const message of changed) tell('message', presented(deps, message))
    const bots = (await presentBots(deps)).map(({ name, paused, health, today }) => ({ name, paused, health, today }))
    const seen = JSON.stringify(bots)
    if (seen !== states) for (const bot of bots) tell('bot', bot)
    states = seen
  }
  const again = (): void => {
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) =>
          deps.log.warn({ name: error instanceof Error ? error.name : 'unknown' }, 'no live look'),
        )
        .finally(() => listeners.size > 0 && again())
    }, lookEveryMs).unref()
  }
  return {
    isFull: () => listeners.size >= mostListeners,
    listen: (send: Send): (() => void) => {
      listeners.add(send)
      if (listeners.size === 1) {
        since = new Date()
        again()
      }
      return () => {
        listeners.delete(send)
        if (listeners.size === 0) clearTimeout(timer)
      }
    },
  }
}

/** `GET /api/live`: server-sent events for the pages. */
export const liveRoute =
  (deps: OperatorDeps): FastifyPluginAsyncZod =>
  async (app) => {
    const feed = createFeed(deps)
    const open = new Set<() => void>()
    app.addHook('preClose', (done) => {
      for (const close of open) close()
      done()
    })
    app.get(
      '/api/live',
      { preHandler: allow(deps, 'viewer'), schema: { summary: 'What happens, as server-sent events: message, bot' } },
      (request, reply) => {
        if (feed.isFull()) {
          void reply.code(503).send()
          return
        }
        reply.hijack()
        const { raw } = reply
        raw.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        })
        raw.write('retry: 2000\n\n')
        const stop = feed.listen((event, data) => raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
        const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatEveryMs)
        const close = () => {
          clearInterval(heartbeat)
          stop()
          open.delete(close)
          raw.end()
        }
        open.add(close)
        request.raw.on('close', close)
      },
    )
  }
