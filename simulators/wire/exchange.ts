import type { IncomingHttpHeaders, ServerResponse } from 'node:http'

/** One request as it came, its body unparsed. */
export interface Exchange {
  readonly method: string
  /** The Host header, lower case, without a port. */
  readonly host: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** An answer. `stream` writes to the response itself and is done when it resolves; `reset` cuts the connection. */
export type Reply =
  | { readonly kind: 'whole'; readonly status: number; readonly headers: Headers; readonly body: string | Buffer }
  | { readonly kind: 'stream'; readonly write: (response: ServerResponse) => Promise<void> }
  | { readonly kind: 'reset' }
  /** Nothing is answered for `ms`, then the connection is cut. */
  | { readonly kind: 'silence'; readonly ms: number }

type Headers = Readonly<Record<string, string>>

export type Handler = (exchange: Exchange) => Reply | Promise<Reply>

/** Thrown when a request cannot be used; answered with its status and its message, which names fields and never values. */
export class BadRequest extends Error {
  readonly status: number
  constructor(message: string, status = 400) {
    super(message)
    this.status = status
  }
}

export const json = (
  value: unknown,
  options: { readonly status?: number; readonly headers?: Headers } = {},
): Reply => ({
  kind: 'whole',
  status: options.status ?? 200,
  headers: { 'content-type': 'application/json; charset=utf-8', ...options.headers },
  body: JSON.stringify(value),
})

export const html = (page: string, options: { readonly status?: number; readonly headers?: Headers } = {}): Reply => ({
  kind: 'whole',
  status: options.status ?? 200,
  headers: { 'content-type': 'text/html; charset=utf-8', ...options.headers },
  body: page,
})

export const bytes = (content: Buffer, mimetype: string, status = 200): Reply => ({
  kind: 'whole',
  status,
  headers: { 'content-type': mimetype },
  body: content,
})

export const redirect = (location: string, headers: Headers = {}): Reply => ({
  kind: 'whole',
  status: 302,
  headers: { location, ...headers },
  body: '',
})

/** An error of the simulator itself, as RFC 9457 problem JSON. */
export const problem = (status: number, title: string, detail: string): Reply =>
  json(
    { type: 'about:blank', title, status, detail },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )
