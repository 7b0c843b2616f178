import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import { fingerprint } from './fingerprint.ts'

/** `.ts` from source, `.js` when compiled. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

const nothing = () => undefined
const quiet = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }

/**
 * The bundle of all workflows, built when its sources have changed and kept in `cacheFolder`: a process that restarts after
 * a crash is back in half the time.
 * @returns the path of the bundle's code.
 */
export async function workflowBundle(cacheFolder: string): Promise<string> {
  const codePath = join(cacheFolder, `workflows-${await fingerprint(['workflows', 'domain'])}.js`)
  const isKept = await stat(codePath).then(Boolean, () => false)
  if (isKept) return codePath
  const workflowsPath = fileURLToPath(new URL(`../workflows/index${extension}`, import.meta.url))
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: quiet })
  await mkdir(cacheFolder, { recursive: true })
  const unfinished = `${codePath}.${process.pid}`
  await writeFile(unfinished, code)
  await rename(unfinished, codePath)
  return codePath
}
