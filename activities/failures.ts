import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { UnderstudyError } from '../domain/errors.ts'

const retryDelay = (error: object): number | undefined =>
  'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : undefined

/** A system error's code (`ECONNREFUSED`, `57P01`); never its message, which may quote what a person wrote. */
const codeOf = (error: object): string => ('code' in error && typeof error.code === 'string' ? error.code : 'no code')

/**
 * The only place where one of our errors becomes a Temporal failure: its code becomes the type that policies match.
 * Anything else keeps its name and code, without the message.
 */
export function asActivityFailure(error: unknown): Error {
  // A cancellation is Temporal's own word: translated, it would count as a failure.
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error
  if (error instanceof UnderstudyError)
    return ApplicationFailure.create({
      type: error.code,
      message: error.message,
      nonRetryable: !error.retryable,
      ...(retryDelay(error) !== undefined && { nextRetryDelay: retryDelay(error) ?? 0 }),
    })
  if (error instanceof Error)
    return ApplicationFailure.create({ type: error.name, message: `unexpected ${error.name} (${codeOf(error)})` })
  return ApplicationFailure.create({ type: 'Unknown', message: 'something that is no error was thrown' })
}

interface Running {
  readonly info: { readonly activityType: string }
}

/** For a worker's `interceptors.activity`: the errors of all its activities are reported and translated. */
export const translateFailures =
  (report: (activity: string, error: unknown) => void) =>
  ({ info }: Running) => ({
    inbound: {
      execute: async <Input>(input: Input, next: (input: Input) => Promise<unknown>): Promise<unknown> => {
        try {
          return await next(input)
        } catch (error) {
          report(info.activityType, error)
          const failure = asActivityFailure(error)
          // A stack would write this machine's paths into the history; the log has it.
          failure.stack = ''
          throw failure
        }
      },
    },
  })
