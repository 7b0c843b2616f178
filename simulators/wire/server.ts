import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { BadRequest, problem } from './exchange.ts'
import type { Exchange, Handler, Reply } from './exchange.ts'
import { refusalOfForeign } from './origin.ts'

/** Pictures come as base64 in JSON; nothing that people send is larger. */
const bodyLimit = 64 * 1024 * 1024

/** A server that listens. */
export interface Listening {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string
  /** Stops listening and cuts every connection, the silent ones too. */
  readonly close: () => Promise<void>
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > bodyLimit) throw new BadRequest('the body is larger than 64 MiB', 413)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

async function exchangeOf(request: IncomingMessage): Promise<Exchange> {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s)
  return {
    method: request.method ?? 'GET',
    host: (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, ''),
    path,
    query: new URLSearchParams(query),
    headers: request.headers,
    body: await readBody(request),
  }
}

async function send(reply: Reply, response: ServerResponse, closing: AbortSignal): Promise<void> {
  switch (reply.kind) {
    case 'whole':
      response.writeHead(reply.status, { ...reply.headers, 'content-length': `${Buffer.byteLength(reply.body)}` })
      response.end(reply.body)
      return
    case 'stream':
      return reply.write(response)
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'silence':
      await sleep(reply.ms, undefined, { signal: closing, ref: false }).catch(() => undefined)
      response.socket?.destroy()
  }
}

const replyToFault = (error: unknown): Reply =>
  error instanceof BadRequest
    ? problem(error.status, 'The request cannot be used', error.message)
    : problem(500, 'The simulator has a fault', error instanceof Error ? (error.stack ?? error.message) : String(error))

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/**
 * Listens on 127.0.0.1 and answers every request with `handler`, keeping bodies as bytes; pages of others get no control.
 * @param options.port 0 for a free one.
 * @throws Error with the code `EADDRINUSE` when the port is taken.
 */
export async function listen(handler: Handler, options: { readonly port: number }): Promise<Listening> {
  const closing = new AbortController()
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const reply = await exchangeOf(request)
      .then((exchange) => refusalOfForeign(exchange) ?? handler(exchange))
      .catch(replyToFault)
    await send(reply, response, closing.signal).catch(() => response.destroy())
  }
  const server = createServer((request, response) => void answer(request, response))
  // Longer than any client keeps an idle connection, so that it is never this side that races a request.
  server.keepAliveTimeout = 65_000
  const port = await listening(server, options.port)
  const close = () =>
    new Promise<void>((resolve) => {
      closing.abort()
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, close }
}
