import { statfs } from 'node:fs/promises'
import type { Logger } from 'pino'
import { tellByWebhook } from '../../adapters/alerts/webhook.ts'
import type { Config } from '../../infra/config.ts'

/** Tells operators where the configuration says, else in the log, where nobody can miss a warning. */
export const tellOperators =
  ({ alertWebhook }: Config, log: Logger) =>
  async (text: string): Promise<void> => {
    log.warn({ alert: text }, 'operators are told')
    if (alertWebhook !== undefined) await tellByWebhook(alertWebhook, text)
  }

/** How much room a folder's disk has, in bytes. */
export async function freeBytesIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
