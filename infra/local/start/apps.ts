import { randomBytes, randomInt } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { LocalProblem } from '../problem.ts'
import { writePrivately } from '../processes/run-file.ts'

const slackApp = z.object({
  signingSecret: z.string(),
  botToken: z.string(),
  botUserId: z.string(),
  appId: z.string(),
  team: z.string(),
})
const xApp = z.object({
  consumerKey: z.string(),
  consumerSecret: z.string(),
  accessToken: z.string(),
  accessTokenSecret: z.string(),
  accountId: z.string(),
  handle: z.string(),
})
const secrets = z.object({
  adminToken: z.string(),
  bots: z.record(z.string(), z.object({ slack: slackApp, x: xApp })),
})

/** The secrets of a data folder: made once, at random, for the simulators and the local administrator. */
export type Secrets = Readonly<z.infer<typeof secrets>>

const botFile = z.looseObject({ channels: z.array(z.string()), commands: z.array(z.string()).default([]) })

/** A bot as far as starting is concerned. */
export interface StartedBot {
  readonly name: string
  readonly channels: readonly string[]
  /** Its slash commands, without the slash. */
  readonly commands: readonly string[]
}

/**
 * The bots that have a `bot.yaml` in a folder of `botsFolder`, by name.
 * @throws LocalProblem when there is none, or one cannot be read.
 */
export async function findBots(botsFolder: string): Promise<readonly StartedBot[]> {
  const bots: StartedBot[] = []
  for (const name of (await readdir(botsFolder)).toSorted()) {
    const text = await readFile(join(botsFolder, name, 'bot.yaml'), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const parsed = botFile.safeParse(parse(text))
    if (!parsed.success)
      throw new LocalProblem(`bots/${name}/bot.yaml names no channels`, 'give it a list, such as channels: [slack, x]')
    bots.push({ name, channels: parsed.data.channels, commands: parsed.data.commands })
  }
  if (bots.length === 0) throw new LocalProblem(`there is no bot in ${botsFolder}`, 'a bot is a folder with a bot.yaml')
  return bots
}

const random = (bytes: number) => randomBytes(bytes).toString('hex')

function makeApps(bot: string) {
  const short = bot
    .replaceAll(/[^a-z0-9]/gi, '')
    .slice(0, 6)
    .toUpperCase()
  const accountId = `1${Array.from({ length: 17 }, () => String(randomInt(10))).join('')}`
  return {
    slack: {
      signingSecret: random(16),
      botToken: `xoxb-${random(24)}`,
      botUserId: `U0${short}1`,
      appId: `A0${short}1`,
      team: 'T0SIM',
    },
    x: {
      consumerKey: random(12),
      consumerSecret: random(24),
      accessToken: `${accountId}-${random(20)}`,
      accessTokenSecret: random(24),
      accountId,
      handle: bot.replaceAll('-', '_'),
    },
  }
}

/**
 * The secrets in `secrets.json` (mode 0600) of the data folder; what is missing, for a new folder or a new bot, is made and kept.
 * `first` tells that there were none: this is the first start on this data.
 */
export async function loadSecrets(
  home: string,
  bots: readonly StartedBot[],
): Promise<{ readonly secrets: Secrets; readonly first: boolean }> {
  const path = join(home, 'secrets.json')
  const text = await readFile(path, 'utf8').catch(() => undefined)
  const kept = text === undefined ? undefined : secrets.safeParse(JSON.parse(text)).data
  const all = {
    adminToken: kept?.adminToken ?? random(24),
    bots: { ...kept?.bots, ...Object.fromEntries(bots.map(({ name }) => [name, kept?.bots[name] ?? makeApps(name)])) },
  }
  if (JSON.stringify(all) !== JSON.stringify(kept)) await writePrivately(path, all)
  return { secrets: all, first: kept === undefined }
}

const suffixOf = (bot: string) => `__${bot.replaceAll('-', '_').toUpperCase()}`

/** The variables through which the product gets the credentials of simulated platforms, each with its bot's suffix. */
export function credentialVariables(
  bots: readonly StartedBot[],
  all: Secrets,
  simulated: { readonly slack: boolean; readonly x: boolean },
): Readonly<Record<string, string>> {
  const variables = bots.flatMap(({ name, channels }) => {
    const apps = all.bots[name]
    if (!apps) return []
    const slack = { SLACK_SIGNING_SECRET: apps.slack.signingSecret, SLACK_BOT_TOKEN: apps.slack.botToken }
    const x = {
      X_CONSUMER_KEY: apps.x.consumerKey,
      X_CONSUMER_SECRET: apps.x.consumerSecret,
      X_ACCESS_TOKEN: apps.x.accessToken,
      X_ACCESS_TOKEN_SECRET: apps.x.accessTokenSecret,
    }
    const wanted = {
      ...(simulated.slack && channels.includes('slack') ? slack : {}),
      ...(simulated.x && channels.includes('x') ? x : {}),
    }
    return Object.entries(wanted).map(([key, value]) => [key + suffixOf(name), value] as const)
  })
  return Object.fromEntries(variables)
}

/** What the simulated Slack shows behind a command; a real app's manifest says the same. */
const usages: Readonly<Record<string, string>> = {
  predict: '[picture link | message link]',
  'predict-rendezvous': '[picture link | message link]',
  labels: '[add <id> <words>]',
  fix: '[answer link | picture link] <label>',
  match: '[leave]',
  rollback: '[version] [reason]',
}

/** Writes the files (mode 0600) from which the simulators learn which apps they have and where those listen. */
export async function writeSimulatorFiles(
  home: string,
  plan: { readonly bots: readonly StartedBot[]; readonly secrets: Secrets; readonly apiUrl: string },
) {
  const on = (channel: string) => plan.bots.filter(({ channels }) => channels.includes(channel))
  const slack = on('slack').map(({ name: bot, commands }) => ({
    bot,
    eventsUrl: `${plan.apiUrl}/slack/${bot}/events`,
    commands: commands.map((command) => ({ command: `/${command}`, usage: usages[command] ?? '' })),
    shortcuts: [{ callbackId: 'correct', name: 'Correct this answer' }],
    ...plan.secrets.bots[bot]?.slack,
  }))
  const x = on('x').map(({ name: bot }) => ({
    bot,
    webhookUrl: `${plan.apiUrl}/x/${bot}/webhook`,
    ...plan.secrets.bots[bot]?.x,
  }))
  const files = { slack: join(home, 'slack-simulator.json'), x: join(home, 'x-simulator.json') }
  await writePrivately(files.slack, { apps: slack })
  await writePrivately(files.x, { apps: x })
  return files
}
