import { pino, type Logger } from 'pino'
import type { Config } from './config.ts'

/** Names under which a secret or a person's words could reach a log line; their values are never written. */
const redacted = [
  'authorization',
  'token',
  'secret',
  'text',
  'body',
  'password',
  'message.text',
  'headers.authorization',
]

/**
 * The one logger of a process: JSON lines on stdout, which the supervisor keeps in `logs/<process>.log`. Each line is written before
 * the program goes on: written later, the last lines of a process that ends come out of order, and those of a killed one are lost.
 */
export const createLogger = (process: string, level: Config['logLevel']): Logger =>
  pino(
    { name: process, level, base: { process }, redact: { paths: redacted, censor: '[redacted]' } },
    pino.destination({ dest: 1, sync: true }),
  )

/** What may be told of an error in a log line: its name and code, never its message. */
export const errorFields = (error: unknown): { readonly error: string; readonly code?: string } =>
  error instanceof Error
    ? {
        error: error.name,
        ...('code' in error && typeof error.code === 'string' && { code: error.code }),
      }
    : { error: typeof error }
