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

/** The one logger of a process: JSON lines on stdout, which the supervisor keeps in `logs/<process>.log`. */
export const createLogger = (process: string, level: Config['logLevel']): Logger =>
  pino({ name: process, level, base: { process }, redact: { paths: redacted, censor: '[redacted]' } })

/** What may be told of an error in a log line: its name and code, never its message. */
export const errorFields = (error: unknown): { readonly error: string; readonly code?: string } =>
  error instanceof Error
    ? {
        error: error.name,
        ...('code' in error && typeof error.code === 'string' && { code: error.code }),
      }
    : { error: typeof error }
