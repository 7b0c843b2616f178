import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { Dialer } from './connector.ts'

export type Script = (request: IncomingMessage, response: ServerResponse) => void

/** A request as the host saw it. */
export interface Seen {
  readonly host: string
  readonly path: string
  readonly authorization: string | undefined
}

/** For tests: hosts that answer by script, and the dialer that sends the named hosts to them. Ends with the test. */
export interface ScriptedHost {
  readonly dialer: Dialer
  readonly url: string
  readonly seen: readonly Seen[]
  /** How many connections are open now. */
  connections(): Promise<number>
}

/** @param scripts what each path answers; any other path answers 404. */
export async function startScriptedHost(
  test: TestContext,
  scripts: Readonly<Record<string, Script>>,
  hosts: readonly string[] = ['files.slack.com', 'pbs.twimg.com', 'pictures.example'],
): Promise<ScriptedHost> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    seen.push({ host: request.headers.host ?? '', path, authorization: request.headers.authorization })
    const script = scripts[path]
    if (script === undefined) response.writeHead(404).end()
    else script(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    dialer: (host) => (hosts.includes(host) ? { host: '127.0.0.1', port } : undefined),
    url: `http://127.0.0.1:${port}`,
    seen,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
      }),
  }
}

/** Answers with these headers and this body. */
export const answer =
  (status: number, headers: Readonly<Record<string, string>> = {}, body: string | Uint8Array = ''): Script =>
  (_request, response) => {
    response.writeHead(status, headers).end(body)
  }

/** Answers with a redirect. */
export const redirect = (location: string, status = 302): Script => answer(status, { location })
