import type { OptOutWords } from '../bot-words.ts'
import type { InboundMessage } from '../inbound.ts'

export type OptOutWish = 'stop' | 'start'

/** Platforms put the names of those who are answered in front of what a person writes. */
const leadingNames = /^(?:@\w{1,50}\s+)+/u

/** A message as people compare words: without names in front, marks around it, and capitals. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .trim()
    .replace(leadingNames, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s@]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** What a message wishes, when all of it is one of the words; a word within a sentence wishes nothing. */
export function optOutWish(text: string, words: OptOutWords): OptOutWish | undefined {
  const said = plain(text)
  const isOne = (list: readonly string[]) => said !== '' && list.some((word) => plain(word) === said)
  if (isOne(words.stop)) return 'stop'
  return isOne(words.start) ? 'start' : undefined
}

/**
 * Whether a message is one that a wish can silence: a post, a direct message or a thread that the bot would answer in. Commands
 * and forms ask for their answer expressly, HTTP is asked by programs, and load tests are nobody.
 */
export const canBeSilenced = ({ address, synthetic }: Pick<InboundMessage, 'address' | 'synthetic'>): boolean =>
  synthetic !== true && ['x-post', 'x-direct', 'slack-thread'].includes(address.kind)
