import type { RateLimitPluginOptions } from '@fastify/rate-limit'

/** Thrown when one address has asked more often than a route allows. */
export class TooManyRequests extends Error {
  readonly code = 'TooManyRequests'
  readonly statusCode = 429
  readonly retryAfterSeconds: number
  constructor(retryAfterSeconds: number) {
    super(`Wait ${retryAfterSeconds} s, then try again.`)
    this.name = 'TooManyRequests'
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Limits hold for the routes that name one, per address, in this process. */
export const rateLimits: RateLimitPluginOptions = {
  global: false,
  enableDraftSpec: true,
  errorResponseBuilder: (_request, { ttl }) => new TooManyRequests(Math.ceil(ttl / 1000)),
}

/** Per minute. An office that shares an address, or sits behind one proxy, does not meet it; a program that tries links does. */
export const signInLimit = { rateLimit: { max: 60, timeWindow: 60_000 } }
