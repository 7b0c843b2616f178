import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Migration, type MigrationProvider, Migrator, sql } from 'kysely'
import type { Db } from './db.ts'

/** Thrown when the database holds migrations that this code does not know: a newer version of the program has been here. */
export class DatabaseNewerThanCode extends Error {
  readonly code = 'DatabaseNewerThanCode'
  constructor(options: ErrorOptions) {
    super('the database was changed by a newer version of Understudy; start that version, or restore a backup', options)
  }
}

/** Migrations as numbered `.sql` files; there is no way down. */
function sqlFiles(folder: string): MigrationProvider {
  return {
    async getMigrations() {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
      const entries = names.map(async (name): Promise<[string, Migration]> => {
        const text = await readFile(`${folder}/${name}`, 'utf8')
        return [
          name.replace(/\.sql$/, ''),
          {
            up: async (db) =>
              sql
                .raw(text)
                .execute(db)
                .then(() => undefined),
          },
        ]
      })
      return Object.fromEntries(await Promise.all(entries))
    },
  }
}

/**
 * Brings the database to this code's schema, under a lock, so that any number of processes may do it at once.
 * @returns the names of the migrations that were applied now.
 * @throws DatabaseNewerThanCode
 */
export async function migrate(
  db: Db,
  folder = fileURLToPath(new URL('migrations', import.meta.url)),
): Promise<string[]> {
  const migrator = new Migrator({ db, provider: sqlFiles(folder) })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error instanceof Error && error.message.includes('previously executed migration'))
    throw new DatabaseNewerThanCode({ cause: error })
  if (error !== undefined) throw error instanceof Error ? error : new Error('the migration failed', { cause: error })
  return results.map((result) => result.migrationName)
}

/** The migrations of this code that the database does not have yet, by name. */
export async function pendingMigrations(
  db: Db,
  folder = fileURLToPath(new URL('migrations', import.meta.url)),
): Promise<readonly string[]> {
  const known = await new Migrator({ db, provider: sqlFiles(folder) }).getMigrations()
  return known.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
}
