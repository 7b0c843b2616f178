import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { repositoryRoot } from '../processes/node-child.ts'

const source = join(repositoryRoot, 'web')
const keptForMs = 7 * 24 * 60 * 60 * 1000

/** What the pages are made of: every file in `web/` but the tests, and the versions of all packages. */
async function fingerprint(): Promise<string> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
  const hash = createHash('sha256')
  for (const path of [...files, join(repositoryRoot, 'package-lock.json')])
    hash.update(`${path.slice(repositoryRoot.length)}\0`).update(await readFile(path))
  return hash.digest('hex').slice(0, 16)
}

/** Builds the pages into `outDir`. Vite is loaded only when there is something to build. */
async function runVite(outDir: string): Promise<void> {
  const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')])
  await build({
    configFile: false,
    root: source,
    logLevel: 'error',
    plugins: [react()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      // The content security policy of the pages allows neither inline scripts nor data addresses of our own.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // The plots are one chunk of their own; what is left is small enough.
      chunkSizeWarningLimit: 800,
    },
  })
}

/** Removes builds that nobody has used for a week. */
async function removeOld(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path)
    if (now - mtimeMs > keptForMs) await rm(path, { recursive: true, force: true })
  }
}

/**
 * The pages, built into `<cacheFolder>/web/<fingerprint>`; when they are there already, nothing is built.
 * `cacheFolder` is the `cache` of a data folder. `say` tells a person one line of progress.
 * @returns the folder with `index.html` and `assets/`, whose file names hold hashes of their contents.
 * @throws what Vite throws when a page cannot be built.
 */
export async function buildWeb({
  cacheFolder,
  say,
}: {
  readonly cacheFolder: string
  readonly say: (line: string) => void
}): Promise<string> {
  // Vite takes a relative folder as one in web/.
  const folder = resolve(cacheFolder, 'web')
  const target = join(folder, await fingerprint())
  await mkdir(folder, { recursive: true })
  if (!existsSync(target)) {
    say('building the pages …')
    const scratch = await mkdtemp(join(folder, 'scratch-'))
    await runVite(scratch)
    // Another process may have been faster; its pages are the same.
    await rename(scratch, target).catch(() => rm(scratch, { recursive: true, force: true }))
  }
  const now = new Date()
  await utimes(target, now, now)
  await removeOld(folder, now.getTime())
  return target
}
