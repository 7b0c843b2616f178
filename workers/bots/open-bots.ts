import type { Bot } from '../../domain/bot.ts'
import { allLabels } from '../../domain/added-label.ts'
import { ServiceUnavailable } from '../../domain/errors.ts'
import { errorFields } from '../../infra/logger.ts'
import type { Db } from '../../store/db.ts'
import { addedLabels, labelsChannel } from '../../store/versions/labels.ts'
import { listen } from '../relay/listen.ts'
import type { ProcessContext } from '../process.ts'
import { requireDatabaseUrl } from '../settings.ts'

/** A missed NOTIFY is made up for this soon. */
const readEveryMs = 3_000

/** The bots as they are now: as their folders describe them, with the labels that people have added since. */
export interface OpenBots {
  /** By name. */
  readonly all: () => readonly Bot[]
  readonly named: (name: string) => Bot | undefined
  /** Reads again what was added. When it cannot be read, the bots stay as they were. */
  readonly refresh: () => Promise<void>
}

/** @throws ServiceUnavailable when the bot's folder is gone; it may be back after the next deployment. */
export const botByName =
  ({ named }: Pick<OpenBots, 'named'>) =>
  (name: string): Bot => {
    const bot = named(name)
    if (bot === undefined) throw new ServiceUnavailable(`the bot ${name}`, 'its folder is not in bots/')
    return bot
  }

const withLabels = (bot: Bot, added: ReadonlyMap<string, Bot['labels']>): Bot => {
  const labels = added.get(bot.name)
  return labels === undefined ? bot : Object.freeze({ ...bot, labels: allLabels(bot.labels, labels) })
}

/** Holds bots as they are now. Until the first `refresh` they are as their folders describe them. */
export function holdBots(db: Db, own: readonly Bot[]): OpenBots {
  let bots = own
  let begun = 0
  let shown = 0
  const refresh = async (): Promise<void> => {
    const turn = ++begun
    const added = await addedLabels(db)
    // A look that began earlier and took longer knows less.
    if (turn < shown) return
    shown = turn
    bots = Object.freeze(own.map((bot) => withLabels(bot, added)))
  }
  return { all: () => bots, named: (name) => bots.find((bot) => bot.name === name), refresh }
}

/** Keeps labels up to date: one that is added is there at once, by NOTIFY, and after a few seconds when that went missing. */
export function followLabels(
  { config, log, onRelease }: Pick<ProcessContext, 'config' | 'log' | 'onRelease'>,
  bots: Pick<OpenBots, 'refresh'>,
): void {
  let isWell = true
  const read = () => {
    bots.refresh().then(
      () => (isWell = true),
      (error: unknown) => {
        if (isWell) log.warn(errorFields(error), 'added labels cannot be read; the bots stay as they were')
        isWell = false
      },
    )
  }
  onRelease(listen(requireDatabaseUrl(config), { channel: labelsChannel, wake: read, log }))
  const reading = setInterval(read, readEveryMs)
  onRelease(() => clearInterval(reading))
}

/**
 * Opens the bots of a process that knows them, with the labels that people have added, and follows what they add.
 * @param own the bots as `loadBots` reads them.
 */
export async function openBots(
  context: Pick<ProcessContext, 'config' | 'log' | 'onRelease'>,
  db: Db,
  own: readonly Bot[],
): Promise<OpenBots> {
  const bots = holdBots(db, own)
  await bots.refresh()
  followLabels(context, bots)
  return bots
}
