import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from '../../infra/local/processes/programs.ts'
import { scrubHistory } from '../../test/replay/scrub-history.ts'
import { testSettings } from '../../test/support/settings.ts'

/** A run of a workflow on a server; the latest one when no run is named. */
export interface Run {
  readonly address: string
  readonly namespace: string
  readonly workflowId: string
  readonly runId?: string
}

/** Writes down the history of a run under `<workflow type>/<story>`. */
export type Keep = (story: string, run: Run) => Promise<void>

/** One event a line: compact, and a diff shows events. */
const linesOf = ({ events }: ReturnType<typeof scrubHistory>): string =>
  `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`

/** Keeps histories, scrubbed, in a folder. A story that has a history there keeps that one. */
export const historyKeeper =
  (folder: string): Keep =>
  async (story, { address, namespace, workflowId, runId }) => {
    const file = join(folder, `${story}.json`)
    if (existsSync(file)) return
    const which = runId === undefined ? [] : ['--run-id', runId]
    const where = ['--address', address, '--namespace', namespace]
    const show = ['workflow', 'show', '--workflow-id', workflowId, ...which, '--output', 'json', ...where]
    const { code, stdout, stderr } = await run(testSettings().temporalExecutable, show, { timeoutMs: 60_000 })
    if (code !== 0) throw new Error(`the history of ${workflowId} cannot be read: ${stderr}`)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, linesOf(scrubHistory(stdout)))
  }
