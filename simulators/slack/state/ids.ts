import { createHash } from 'node:crypto'

/** The id that follows from `parts`, always the same: `prefix` and ten letters and digits. */
export const idFrom = (prefix: string, ...parts: readonly string[]): string =>
  prefix +
  BigInt(`0x${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 14)}`)
    .toString(36)
    .toUpperCase()
    .padStart(10, '0')
    .slice(-10)

/** The channel of a bot's direct messages with a person. */
export const directChannelOf = (bot: string, user: string): string => idFrom('D', bot, user)
