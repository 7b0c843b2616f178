import type { RefusalCode } from './refusals.ts'

/**
 * The base of every error that crosses one of our layers. `code` is a wire format: retry policies and records match it, so
 * a code is never renamed. The message never holds a secret or a person's words.
 */
export abstract class UnderstudyError extends Error {
  abstract readonly code: string
  /** Whether trying the same again may help. */
  abstract readonly retryable: boolean
}

/** Thrown when the input of a person cannot be used; answered with the words for `refusal`, never retried. */
export class InputRefused extends UnderstudyError {
  readonly code = 'InputRefused'
  readonly retryable = false
  readonly refusal: RefusalCode
  constructor(refusal: RefusalCode, options?: ErrorOptions) {
    super(`the input was refused: ${refusal}`, options)
    this.refusal = refusal
  }
}

/** Thrown when an outside service could not be reached or answered that it cannot now; the same call may succeed later. */
export class ServiceUnavailable extends UnderstudyError {
  readonly code = 'ServiceUnavailable'
  readonly retryable = true
  readonly service: string
  readonly retryAfterMs: number | undefined
  constructor(service: string, detail: string, options?: ErrorOptions & { readonly retryAfterMs?: number }) {
    super(`${service} is not available: ${detail}`, options)
    this.service = service
    this.retryAfterMs = options?.retryAfterMs
  }
}

/**
 * Thrown when a reply was not confirmed by the platform. `delivery` tells what is known of it:
 * - `not-sent`: certainly not visible; sending again cannot repeat it;
 * - `unknown`: it may be visible; look for it before sending again.
 */
export class SendFailed extends UnderstudyError {
  readonly code = 'SendFailed'
  readonly retryable: boolean
  readonly delivery: 'not-sent' | 'unknown'
  /** The platform's own error code or status, cut to 80 characters. */
  readonly reason: string
  readonly retryAfterMs: number | undefined
  constructor(
    failure: {
      readonly delivery: 'not-sent' | 'unknown'
      readonly reason: string
      /** Whether the platform will never take this reply (archived channel, revoked token, reply not allowed). */
      readonly permanent?: boolean
      readonly retryAfterMs?: number
    },
    options?: ErrorOptions,
  ) {
    const reason = failure.reason.slice(0, 80)
    super(`the reply was not confirmed (${failure.delivery}): ${reason}`, options)
    this.delivery = failure.delivery
    this.reason = reason
    this.retryable = failure.permanent !== true
    this.retryAfterMs = failure.retryAfterMs
  }
}

/** Thrown when a model version is not loaded, or its files are missing or damaged; it is retried until it is back. */
export class ModelNotReady extends UnderstudyError {
  readonly code = 'ModelNotReady'
  readonly retryable = true
  constructor(detail: string, options?: ErrorOptions) {
    super(`the model is not ready: ${detail}`, options)
  }
}

/** Thrown when an answer is to be chosen and no version that may answer has scored the input. */
export class NoScore extends UnderstudyError {
  readonly code = 'NoScore'
  readonly retryable = false
  constructor() {
    super('no version that may answer has scored the input')
  }
}

/** Thrown when a request at the door does not carry the platform's signature; answered 401, nothing is stored. */
export class SignatureRejected extends UnderstudyError {
  readonly code = 'SignatureRejected'
  readonly retryable = false
  readonly reason: 'missing' | 'malformed' | 'stale' | 'future' | 'mismatch'
  constructor(reason: SignatureRejected['reason']) {
    super(`the signature was rejected: ${reason}`)
    this.reason = reason
  }
}

/** Thrown when a signed request's body is not what the platform documents; answered 400, nothing is stored. */
export class MalformedEvent extends UnderstudyError {
  readonly code = 'MalformedEvent'
  readonly retryable = false
  constructor(detail: string) {
    super(`the event cannot be read: ${detail}`)
  }
}
