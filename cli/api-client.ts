import type { z } from 'zod'
import { problem } from '../api/contract/values.ts'
import type { Connection } from './connection.ts'
import { ApiRefused, CommandFailed, NothingAnswers } from './failure.ts'
import { harmless } from './terminal.ts'

/** The operator API, as the commands use it. Paths begin with `/api`; every answer is checked. */
export interface ApiClient {
  readonly get: <T>(path: string, shape: z.ZodType<T>) => Promise<T>
  readonly post: <T>(path: string, body: unknown, shape: z.ZodType<T>) => Promise<T>
  /** Changes something; nothing is answered. */
  readonly put: (path: string, body: unknown) => Promise<void>
  readonly delete: (path: string) => Promise<void>
}

/** Something between this command and the API may answer with less than a whole problem. */
const problemBody = problem.pick({ title: true, detail: true }).partial({ detail: true })

type Access = Pick<Connection, 'api' | 'token'>

/** A request that takes longer than this is given up. */
const timeoutMs = 30_000

/** What to do about a status. Nothing: the API's own words say it, and a command may know more (`withNext`). */
const nextSteps: Readonly<Record<number, string>> = {
  400: '',
  401: 'On the machine where it runs no token is needed; elsewhere give --token <token>.',
  403: '',
  404: 'Look it up with `understudy show <link or id>`, or see the bots with `understudy bots`.',
  409: '',
  422: '',
  429: 'Wait a moment, then run the command again.',
}
const otherwise = 'Run `understudy doctor` to see what is wrong.'

async function problemOf(response: Response): Promise<ApiRefused> {
  const parsed = problemBody.safeParse(await response.json().catch(() => undefined))
  const { status } = response
  const { title, detail } = parsed.success ? parsed.data : { title: `the answer was ${status}`, detail: undefined }
  const words = [title, detail].filter((part) => part !== undefined && part !== '').join(': ')
  return new ApiRefused(status, `The API said no (${status}): ${harmless(words)}`, nextSteps[status] ?? otherwise)
}

/** Why no answer came, without what was asked. */
function unreachable(api: string, error: unknown): CommandFailed {
  const name = error instanceof Error ? error.name : ''
  if (name === 'AbortError') return new CommandFailed('You stopped the command.', '', { cause: error })
  const timedOut = name === 'TimeoutError'
  const what = timedOut ? `does not answer within ${timeoutMs / 1000} s` : 'cannot be reached'
  return new NothingAnswers(`The API at ${api} ${what}.`, 'Start it with `npm start`, or check the address.', {
    cause: error,
  })
}

type ApiRequest = Pick<RequestInit, 'method' | 'body'> & { readonly signal: AbortSignal }

async function call(connection: Access, path: string, request: ApiRequest): Promise<unknown> {
  const { api, token } = connection
  const headers = {
    accept: 'application/json',
    'x-understudy': '1',
    ...(token && { authorization: `Bearer ${token}` }),
    ...(request.body && { 'content-type': 'application/json' }),
  }
  const whole = { ...request, headers, redirect: 'error' } as const
  const response = await fetch(`${api}${path}`, whole).catch((error: unknown) => {
    throw unreachable(api, error)
  })
  if (!response.ok) throw await problemOf(response)
  if (response.status === 204) return undefined
  return response.json().catch((error: unknown) => {
    throw new CommandFailed(`What answers at ${api} is not the operator API.`, 'Check the address.', { cause: error })
  })
}

/**
 * Opens the operator API. When `interrupted` is aborted, what is being asked is given up; only deletions still work.
 * @returns a client whose calls throw CommandFailed: for what the API refused, what cannot be read, and no answer.
 */
export function openApi(connection: Access, interrupted: AbortSignal): ApiClient {
  const inTime = () => AbortSignal.timeout(timeoutMs)
  const checked = async <T>(
    path: string,
    shape: z.ZodType<T>,
    init: Pick<RequestInit, 'method' | 'body'>,
  ): Promise<T> => {
    const parsed = shape.safeParse(
      await call(connection, path, { ...init, signal: AbortSignal.any([interrupted, inTime()]) }),
    )
    if (parsed.success) return parsed.data
    const place = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new CommandFailed(
      `The answer of ${path.replace(/\?.*/, '')} cannot be read${place && ` (at ${place})`}.`,
      'This command and the API may be of different versions: update both.',
    )
  }
  return {
    get: (path, shape) => checked(path, shape, {}),
    post: (path, body, shape) => checked(path, shape, { method: 'POST', body: JSON.stringify(body) }),
    put: async (path, body) => {
      const signal = AbortSignal.any([interrupted, inTime()])
      await call(connection, path, { method: 'PUT', body: JSON.stringify(body), signal })
    },
    delete: async (path) => {
      await call(connection, path, { method: 'DELETE', signal: inTime() })
    },
  }
}

/** Asks with `work`; a refusal with one of these statuses ends with the step that is named here. */
export async function withNext<T>(steps: Readonly<Record<number, string>>, work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    const next = error instanceof ApiRefused ? steps[error.status] : undefined
    throw error instanceof ApiRefused && next !== undefined ? new ApiRefused(error.status, error.message, next) : error
  })
}
