import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Db } from '../../../store/db.ts'
import { historyShape } from '../../replay/scrub-history.ts'

/** Where releases are recorded: a folder per version. */
const releasesFolder = fileURLToPath(new URL('../../releases', import.meta.url))

const parts = (version: string) => version.split('.').map(Number)
const isOlder = (one: string, other: string): number => {
  const difference = parts(one).map((part, index) => part - (parts(other)[index] ?? 0))
  return difference.find((each) => each !== 0) ?? 0
}

/** The versions that were recorded, the oldest first. */
export async function recordedReleases(): Promise<readonly string[]> {
  const names = (await readdir(releasesFolder)).filter((name) => /^\d+\.\d+\.\d+$/.test(name))
  return names.toSorted(isOlder)
}

/** One stored history: `0.1.0/answerMessage/answered`. */
export interface StoredHistory {
  readonly name: string
  readonly release: string
  readonly type: string
  readonly file: string
}

/** The histories of a release, in the order of their names. */
export async function historiesOf(release: string): Promise<readonly StoredHistory[]> {
  const folder = join(releasesFolder, release, 'histories')
  const found = await readdir(folder, { recursive: true })
  return found
    .filter((path) => path.endsWith('.json'))
    .toSorted()
    .map((path) => {
      const [type = '', story = ''] = path.replace(/\.json$/, '').split(/[/\\]/)
      return { name: `${release}/${type}/${story}`, release, type, file: join(folder, path) }
    })
}

export const readHistory = async ({ file }: Pick<StoredHistory, 'file'>) =>
  historyShape.parse(JSON.parse(await readFile(file, 'utf8')))

/** Where a release keeps the bytes that its rows name, each under its SHA-256. */
export const blobsOf = (release: string): string => join(releasesFolder, release, 'blobs')

/**
 * Builds the schema of a release, the names of its migrations included, and fills it with its rows.
 * @param db a database in which nothing is.
 */
export async function restoreRelease(
  db: Db,
  release: string,
  options: { readonly data?: boolean } = {},
): Promise<void> {
  const names = options.data === false ? ['schema.sql'] : ['schema.sql', 'data.sql']
  for (const name of names) {
    const text = await readFile(join(releasesFolder, release, name), 'utf8')
    await sql.raw(text).execute(db)
  }
}
