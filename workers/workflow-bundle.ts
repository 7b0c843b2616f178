import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What a bundle is made of: the workflows, the domain, and the exact SDK, which the lockfile pins. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  const lock = await readFile(join(root, 'package-lock.json')).catch(() => '')
  hash.update(lock)
  for (const folder of ['workflows', 'domain']) {
    const names = (await readdir(join(root, folder))).filter(
      (name) => /\.[jt]s$/.test(name) && !name.includes('.test.'),
    )
    for (const name of names.sort()) hash.update(name).update(await readFile(join(root, folder, name)))
  }
  return hash.digest('hex').slice(0, 16)
}

/**
 * The bundle of all workflows, built when its sources have changed and kept in `cacheFolder`: a process that restarts after
 * a crash is back in half the time.
 * @returns the path of the bundle's code.
 */
export async function workflowBundle(cacheFolder: string): Promise<string> {
  const codePath = join(cacheFolder, `workflows-${await fingerprint()}.js`)
  if (await readFile(codePath).then(Boolean, () => false)) return codePath
  const workflowsPath = fileURLToPath(new URL(`../workflows/index${extension}`, import.meta.url))
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: quiet })
  await mkdir(cacheFolder, { recursive: true })
  const unfinished = `${codePath}.${process.pid}`
  await writeFile(unfinished, code)
  await rename(unfinished, codePath)
  return codePath
}

/** `.ts` from source, `.js` when compiled. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

const nothing = () => undefined
const quiet = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }
