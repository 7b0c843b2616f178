import type { z } from 'zod'
import { problem } from '../../api/contract/values.ts'

const problemBody = problem.pick({ title: true, detail: true }).partial({ detail: true })

/** Thrown when the operator API answers with a problem (RFC 9457), answers something unreadable, or cannot be reached. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  readonly title: string
  readonly detail: string

  constructor(status: number, title: string, detail: string) {
    super(`${title}. ${detail}`)
    this.status = status
    this.title = title
    this.detail = detail
  }
}

/** Whether the person has to sign in (again). */
export const isSignedOut = (error: unknown): boolean => error instanceof ApiProblem && error.status === 401

const unreachable = () =>
  new ApiProblem(0, 'Understudy does not answer', 'Look whether `npm start` is still running, then try again.')
const unreadable = (status: number) =>
  new ApiProblem(status, 'The answer cannot be read', 'The pages and the API may differ in age: load this page again.')

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = problemBody.safeParse(await response.json().catch(() => undefined))
  return body.success
    ? new ApiProblem(response.status, body.data.title, body.data.detail ?? '')
    : new ApiProblem(response.status, `The API answered ${response.status}`, 'Trying again may help.')
}

async function call(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { credentials: 'same-origin', ...init }).catch(() => undefined)
  if (!response) throw unreachable()
  if (!response.ok) throw await problemOf(response)
  return response
}

async function readAs<S extends z.ZodType>(response: Response, schema: S): Promise<z.infer<S>> {
  const parsed = schema.safeParse(await response.json().catch(() => undefined))
  if (!parsed.success) throw unreadable(response.status)
  return parsed.data
}

/** @throws ApiProblem */
export async function read<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> {
  return await readAs(await call(path, {}), schema)
}

/** A change. The header tells the API that the request comes from these pages: a form of another site cannot set it. */
const changing = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'x-understudy': '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
})

/** @throws ApiProblem */
export async function post(path: string, body: unknown): Promise<void> {
  await call(path, changing('POST', body))
}

/** A change whose answer is wanted. @throws ApiProblem */
export async function postFor<S extends z.ZodType>(path: string, body: unknown, schema: S): Promise<z.infer<S>> {
  return await readAs(await call(path, changing('POST', body)), schema)
}

/** @throws ApiProblem */
export async function remove(path: string): Promise<void> {
  await call(path, changing('DELETE', undefined))
}
