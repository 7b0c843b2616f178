import { untilItAnswers } from '../infra/until-it-answers.ts'
import { assertDurable, type Db, isOutage, openDatabase } from '../store/db.ts'
import type { ProcessContext } from './process.ts'
import { requireDatabaseUrl } from './settings.ts'

/**
 * Opens the database of a process, waits for it when it is down, and checks that it loses nothing that it has acknowledged.
 * @throws UnsafeDatabase, and what the server says against this process, such as a wrong password.
 */
export async function openDurable(
  { config, log, stopping, onRelease }: Pick<ProcessContext, 'config' | 'log' | 'stopping' | 'onRelease'>,
  options: { readonly poolSize?: number } = {},
): Promise<Db> {
  const db = openDatabase(requireDatabaseUrl(config), options)
  onRelease(() => db.destroy())
  await untilItAnswers({ name: 'PostgreSQL', ask: () => assertDurable(db), isOutage }, { log, stopping })
  return db
}
