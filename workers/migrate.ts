import { assertDurable, openDatabase } from '../store/db.ts'
import { migrate } from '../store/migrate.ts'
import { runProcess, tellSupervisor } from './process.ts'
import { requireDatabaseUrl } from './settings.ts'

/** Brings the database to this code's schema, then ends. */
await runProcess('migrate', async ({ config, log, onRelease }) => {
  const db = openDatabase(requireDatabaseUrl(config), { poolSize: 2 })
  onRelease(() => db.destroy())
  await assertDurable(db)
  const applied = await migrate(db)
  log.info({ applied }, 'the schema is up to date')
  tellSupervisor({ type: 'done', result: { applied } })
  process.kill(process.pid, 'SIGTERM')
  return {}
})
