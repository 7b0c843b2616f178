import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** A request as it arrived, with its whole body. */
interface Arrived {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What the server does with one request. It may answer, break the connection or do nothing. */
export type Act = (response: ServerResponse, request: Arrived) => void

/** A server of one test: its base URL, everything that arrived at it, and what it does from now on. */
interface ScriptedServer {
  readonly url: string
  readonly arrived: readonly Arrived[]
  readonly act: (next: Act) => void
}

/** Answers with a status, a body (text as it is, everything else as JSON) and headers. */
export const answer =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Act =>
  (response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    response.writeHead(status, {
      'content-type': typeof body === 'string' ? 'text/html' : 'application/json',
      ...headers,
    })
    response.end(text)
  }

/** Takes the request and breaks the connection. */
export const reset: Act = (response) => response.socket?.resetAndDestroy()
/** Takes the request and never answers. */
export const hang: Act = () => undefined
/** Answers with the first half of a JSON body and breaks the connection. */
export const cut: Act = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
  response.write('{"ok":true,', () => response.socket?.resetAndDestroy())
}
/** Answers with a body that never ends, a byte at a time, so that no inactivity timeout sees it. */
export const drip: Act = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 200)
  response.on('close', () => clearInterval(timer))
}

/** Starts a server on a free port of this machine, closed when the test ends. */
export async function scriptedServer(context: TestContext): Promise<ScriptedServer> {
  const arrived: Arrived[] = []
  let act: Act = hang
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const whole = { method, path, headers, body: Buffer.concat(chunks).toString() }
      arrived.push(whole)
      act(response, whole)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    arrived,
    act: (next) => {
      act = next
    },
  }
}

/** The base URL of a port of this machine where nobody listens any more. */
export async function closedServer(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}
