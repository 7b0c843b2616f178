import { assertDurable, openDatabase } from '../store/db.ts'
import { versionsOf } from '../store/versions.ts'
import { loadBots } from './bots.ts'
import { runProcess, tellSupervisor } from './process.ts'
import { requireDatabaseUrl } from './settings.ts'

/** Trains the first version of every bot that has none, then ends. */
await runProcess('starter', async ({ config, log, onRelease, stopping }) => {
  const db = openDatabase(requireDatabaseUrl(config), { poolSize: 2 })
  onRelease(() => db.destroy())
  await assertDurable(db)
  const tell = (text: string) => {
    log.info(text)
    tellSupervisor({ type: 'progress', text })
  }
  const bots = await loadBots()
  const versions = await Promise.all(bots.map((bot) => versionsOf(db, bot.name)))
  const without = bots.filter((_, index) => versions[index]?.length === 0)
  if (without.length > 0) {
    // Loaded only when there is something to learn: TensorFlow takes a second to start.
    const { isOurs, makeFirstVersions } = await import('./starter/first-version.ts')
    await makeFirstVersions({ config, db, tell, signal: stopping }, without).catch((error: unknown) => {
      // Logs leave messages out, because they could quote people; these errors hold only our own words, and tell what to do.
      if (isOurs(error)) tell(error.message)
      throw error
    })
  }
  const made = without.map(({ name }) => name)
  log.info({ made }, 'every bot has a version')
  tellSupervisor({ type: 'done', result: { made } })
  process.kill(process.pid, 'SIGTERM')
  return {}
})
