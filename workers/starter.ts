import { constants, setPriority } from 'node:os'
import { parseArgs } from 'node:util'
import type { Bot } from '../domain/bot.ts'
import { families } from '../models/families/index.ts'
import { versionsOf } from '../store/versions/versions.ts'
import { loadBots } from './bots/bots.ts'
import { openDurable } from './open-durable.ts'
import { runProcess, tellSupervisor } from './process.ts'
import type { Workshop } from './starter/first-versions.ts'

/** `--ready-after-first`: ready as soon as one bot can answer; the others' models are made behind that, politely. */
const { values } = parseArgs({ options: { 'ready-after-first': { type: 'boolean', default: false } } })

/** Bots on X first: there `npm start` holds its first conversation. Else by name, as they come. */
const inOrder = (bots: readonly Bot[]): readonly Bot[] =>
  bots.toSorted((one, other) => Number(other.channels.includes('x')) - Number(one.channels.includes('x')))

/** Trains the first versions of every bot that has none, then ends. */
await runProcess('starter', async (context) => {
  const { config, log, stopping, fail } = context
  const db = await openDurable(context, { poolSize: 2 })
  const tell = (text: string) => {
    log.info(text)
    tellSupervisor({ type: 'progress', text })
  }
  const bots = await loadBots(families, config.botsFolder)
  const versions = await Promise.all(bots.map((bot) => versionsOf(db, bot.name)))
  const without = inOrder(bots.filter((_, index) => versions[index]?.length === 0))
  const end = (made: readonly Bot[]) => {
    log.info({ made: made.map(({ name }) => name) }, 'every bot has a version')
    tellSupervisor({ type: 'done', result: { made: made.map(({ name }) => name) } })
    process.kill(process.pid, 'SIGTERM')
  }
  let workshop: Promise<Workshop> | undefined
  const make = async (some: readonly Bot[]) => {
    // Loaded only when there is something to learn: TensorFlow takes a second to start.
    const { isOurs, makeFirstVersions, openWorkshop } = await import('./starter/first-versions.ts')
    try {
      workshop ??= openWorkshop({ config, db, families, tell, signal: stopping })
      for (const bot of some) await makeFirstVersions(await workshop, bot)
    } catch (error) {
      // Logs leave messages out, because they could quote people; these errors hold only our own words, and tell what to do.
      if (isOurs(error)) tell(error.message)
      throw error
    }
  }
  // When a bot can answer already, nobody has to wait for the others.
  const first = without.length < bots.length ? 0 : 1
  const ahead = values['ready-after-first'] ? without.slice(0, first) : without
  const behind = without.slice(ahead.length)
  if (ahead.length > 0) await make(ahead)
  if (behind.length === 0) end(without)
  else {
    tell(`${behind.map(({ name }) => name).join(' and ')}: learning behind the scenes; questions wait until then`)
    // Whoever asks the first bot now goes first; the training processes inherit this.
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
    void make(behind).then(() => end(without), fail)
  }
  return {}
})
