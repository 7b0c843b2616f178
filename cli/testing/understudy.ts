import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { run, type RunResult } from '../../infra/local/processes/programs.ts'
import { builtFolder, repositoryRoot } from '../../infra/local/processes/node-child.ts'
import { answer, scriptedServer } from '../../test/support/scripted-server.ts'

/** A folder of one test, removed when it ends. */
export async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-cli-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Runs the command as a person does: a process of its own, with a data folder of its own. */
export const understudy = (
  home: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<RunResult> =>
  run(process.execPath, [join(builtFolder, 'cli/main.js'), ...args], {
    cwd: options.cwd ?? repositoryRoot,
    env: { UNDERSTUDY_HOME: home, ...options.env },
    timeoutMs: 60_000,
  })

/** What the API answers to one request: a status with a body, or a body with 200. */
export type Scripted = { readonly status: number; readonly body: unknown } | ((body: unknown) => unknown)

/** One request as the API saw it. */
interface Asked {
  readonly what: string
  readonly body: unknown
  readonly authorization: string | undefined
}

export interface ScriptedInstance {
  readonly home: string
  readonly url: string
  readonly token: string
  readonly asked: readonly Asked[]
  readonly run: (...args: readonly string[]) => Promise<RunResult>
}

const parsed = (text: string): unknown => (text === '' ? undefined : JSON.parse(text))

/**
 * An instance as `npm start` leaves it: `run.json` in a data folder, and an API that answers as scripted.
 * @param routes by method and path, `GET /api/bots`; with the query where the path has one.
 */
export async function scriptedInstance(
  context: TestContext,
  routes: Readonly<Record<string, Scripted>>,
  run: { readonly processes?: readonly { readonly name: string; readonly log: string }[] } = {},
): Promise<ScriptedInstance> {
  const server = await scriptedServer(context)
  const home = await temporaryFolder(context)
  const token = 'local-admin-token'
  const asked: Asked[] = []
  server.act((response, { method, path, body, headers }) => {
    const what = `${method} ${path}`
    asked.push({ what, body: parsed(body), authorization: headers.authorization })
    const found = routes[what] ?? { status: 404, body: { title: 'There is nothing here', detail: 'Check the path.' } }
    const { status, body: value } = typeof found === 'function' ? { status: 200, body: found(parsed(body)) } : found
    answer(status, value)(response, { method, path, body, headers })
  })
  const content = { supervisor: { pid: 1, started: '1' }, urls: { api: server.url }, adminToken: token, ...run }
  await writeFile(join(home, 'run.json'), JSON.stringify(content))
  return { home, url: server.url, token, asked, run: (...args) => understudy(home, args) }
}
