import { z } from 'zod'

/** Thrown when the environment cannot be used; `faults` lists every one, each with its variable's name and never its value. */
export class ConfigInvalid extends Error {
  readonly code = 'ConfigInvalid'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(`the configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n  ${faults.join('\n  ')}`)
    this.faults = faults
  }
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** A platform's API: `live` is the real one; any URL is a simulator and must be on this machine. */
const platformUrl = z.union([
  z.literal('live'),
  z.url({ protocol: /^http$/ }).refine((url) => loopback.test(new URL(url).hostname), {
    message: 'must be `live` or the http URL of a simulator on this machine',
  }),
])

/** Several secrets, separated by commas, so that one can be rotated while the other still signs. */
const secrets = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .refine((list) => list.every((secret) => secret.length >= 8), { message: 'every secret needs 8 characters or more' })

const port = z.coerce.number().int().min(0).max(65535)
const count = z.coerce.number().int().positive()

const schema = z.object({
  UNDERSTUDY_HOME: z.string().min(1).default('.understudy'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(8080),
  PUBLIC_URL: z.url().optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(?:ql)?$/ }).optional(),
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_UI_URL: z.url().default('http://127.0.0.1:8233'),
  WORKFLOW_VERSIONING: z.enum(['off', 'pinned']).default('off'),
  TEMPORAL_DEPLOYMENT_NAME: z.string().min(1).optional(),
  TEMPORAL_WORKER_BUILD_ID: z.string().min(1).optional(),
  BLOBS_URL: z.url({ protocol: /^file$/, error: 'must be a file: URL of a folder' }).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SLACK_API_URL: platformUrl.default('http://127.0.0.1:8081'),
  X_API_URL: platformUrl.default('http://127.0.0.1:8082'),
  BACKBONE_WEIGHTS: z.string().min(1).optional(),
  TEXT_ENCODER: z.string().min(1).optional(),
  STARTER_TITLES: z.string().min(1).optional(),
  LOCAL_ADMIN_TOKEN: z.string().min(16, 'needs 16 characters or more').optional(),
  ALERT_WEBHOOK: z.url({ protocol: /^https?$/ }).optional(),
  DEMO_REVIEWER: z.string().min(1).max(30).optional(),
  DEMO_APPROVER: z.string().min(1).max(30).optional(),
  LEARN_FROM_X: z.enum(['yes', 'no']).default('no'),
  TENSORFLOW: z.enum(['auto', 'native', 'wasm', 'cpu']).default('auto'),
  INFERENCE_MAX_BATCH: count.default(16),
  INFERENCE_MAX_DELAY_MS: z.coerce.number().int().min(0).default(4),
  RECONCILE_SECONDS: count.default(15),
  BOTS_FOLDER: z.string().min(1).optional(),
  KILL_AT: z.string().optional(),
})

const slackCredentials = z.object({ SLACK_SIGNING_SECRET: secrets, SLACK_BOT_TOKEN: z.string().min(1) })
const xCredentials = z.object({
  X_CONSUMER_KEY: z.string().min(1),
  X_CONSUMER_SECRET: secrets,
  X_ACCESS_TOKEN: z.string().min(1),
  X_ACCESS_TOKEN_SECRET: z.string().min(1),
})

const yesNo = z.enum(['yes', 'no']).default('no')
/** What the operator states about an account on X; X's developer guidelines demand all of it before a program replies there. */
const xApproval = z.object({
  X_AI_REPLIES_APPROVED: yesNo,
  X_AUTOMATED_LABEL: yesNo,
  X_BIO_DISCLOSURE: yesNo,
})

/** Names of variables that may carry a bot's suffix, as in `SLACK_SIGNING_SECRET__AFTER_DARK`. */
const perBotVariables = [slackCredentials, xCredentials, xApproval].flatMap(({ shape }) => Object.keys(shape))
/** Every variable that is read, for `.env.example` and its test. */
export const variables = [...Object.keys(schema.shape), ...perBotVariables]

export interface SlackCredentials {
  readonly signingSecrets: readonly string[]
  readonly botToken: string
}

/** OAuth 1.0a credentials of one account; the numeric id of the account is the part of the access token before the dash. */
export interface XCredentials {
  readonly consumerKey: string
  readonly consumerSecrets: readonly string[]
  readonly accessToken: string
  readonly accessTokenSecret: string
}

/**
 * What X demands of an account that a program replies with: it is said of the account by whoever runs it, which is why it is
 * configuration and no part of a bot's folder, which goes from one operator to the next.
 * @see https://docs.x.com/developer-guidelines
 */
export interface XApproval {
  /** X has approved that AI writes the replies. */
  readonly aiRepliesApproved: boolean
  /** The profile carries the automated label, linked to the account of a person. */
  readonly automatedLabel: boolean
  /** The bio says that it is a bot, and whose. */
  readonly bioDisclosure: boolean
}

/** The whole configuration, frozen; nobody else reads the environment. */
export interface Config {
  readonly home: string
  readonly host: string
  readonly port: number
  readonly publicUrl: string | undefined
  readonly databaseUrl: string | undefined
  readonly temporal: {
    readonly address: string | undefined
    readonly namespace: string
    readonly uiUrl: string
  }
  /** Whether workflows stay with the build that they began with, and what workers say of themselves instead of what they are made of. */
  readonly versioning: {
    readonly mode: 'off' | 'pinned'
    readonly deploymentName: string | undefined
    readonly buildId: string | undefined
  }
  readonly blobsUrl: string | undefined
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** `live`, or the base URL of the simulator without a trailing slash. */
  readonly slackApiUrl: string
  readonly xApiUrl: string
  /** Path of the picture backbone's weights, as provisioned. */
  readonly backboneWeights: string | undefined
  /** Folder of the sentence encoder's files, as provisioned. */
  readonly textEncoder: string | undefined
  /** What the variable of a model's asset says, whichever families there are (models/runtime/assets.ts). */
  readonly assetAt: (variable: string) => string | undefined
  /** Folder of the change logs that the text starter learns from, as provisioned. */
  readonly starterTitles: string | undefined
  /** Opens the operator API on this machine; without it, sessions only. */
  readonly localAdminToken: string | undefined
  /** Where operators are told what needs them; without it, in the log. */
  readonly alertWebhook: string | undefined
  /** A person of the simulated Slack who may review; `npm start` sets it, so that somebody can. */
  readonly demoReviewer: string | undefined
  /** A person of the simulated Slack who may decide on versions; `npm start` sets it. Another one than the reviewer, so that nobody approves their own data. */
  readonly demoApprover: string | undefined
  /** Whether what people say on the real X may be learned from (docs/rules.md, rule 8). */
  readonly learnFromX: boolean
  readonly tensorflow: 'auto' | 'native' | 'wasm' | 'cpu'
  readonly inference: { readonly maxBatch: number; readonly maxDelayMs: number }
  readonly reconcileSeconds: number
  /** Another folder of bots than `bots/`. */
  readonly botsFolder: string | undefined
  /** The name of a kill point, for proofs: the process kills itself the first time it gets there. */
  readonly killAt: string | undefined
  /** The bot's own credentials, else those without a suffix, else `undefined`: that bot is not on the channel. */
  readonly slack: (bot: string) => SlackCredentials | undefined
  readonly x: (bot: string) => XCredentials | undefined
  /** What was stated of the bot's account on X; nothing is stated unless it is set. */
  readonly xApproval: (bot: string) => XApproval
}

export type Environment = Readonly<Record<string, string | undefined>>

const suffixOf = (bot: string) => `__${bot.replaceAll('-', '_').toUpperCase()}`

/** The values of `names`, each with the bot's suffix if it is set so, else without; `undefined` when none is set. */
function credentialsOf<T>(env: Environment, bot: string, shape: z.ZodType<T>, names: readonly string[]): T | undefined {
  const found = Object.fromEntries(names.map((name) => [name, env[name + suffixOf(bot)] ?? env[name]]))
  return Object.values(found).every((value) => value === undefined) ? undefined : shape.parse(found)
}

/** Each fault with its variable's name, and never its value. */
export const describeFaults = (error: z.ZodError, suffix = '') =>
  error.issues.map((issue) => `${issue.path.join('.')}${suffix}: ${issue.message}`)

/** The bots that have a variable of their own, as their suffixes; the empty one stands for the plain names. */
const suffixes = (env: Environment, names: readonly string[]) => [
  ...new Set(
    Object.keys(env).flatMap((key) => names.flatMap((name) => (key.startsWith(name) ? [key.slice(name.length)] : []))),
  ),
]

/**
 * Parses the environment once.
 * @throws ConfigInvalid with every fault at once.
 */
export function loadConfig(env: Environment): Config {
  // An empty variable is one that is not set: `.env` files and container settings have both.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const plain = schema.safeParse(set)
  const faults = plain.success ? [] : describeFaults(plain.error)
  for (const shape of [slackCredentials, xCredentials, xApproval]) {
    const names = Object.keys(shape.shape)
    for (const suffix of suffixes(set, names).filter((text) => text === '' || text.startsWith('__'))) {
      const merged = Object.fromEntries(names.map((name) => [name, set[name + suffix] ?? set[name]]))
      const parsed = shape.safeParse(merged)
      if (!parsed.success) faults.push(...describeFaults(parsed.error, suffix))
    }
  }
  if (!plain.success || faults.length > 0) throw new ConfigInvalid(faults)
  const value = plain.data
  return Object.freeze({
    home: value.UNDERSTUDY_HOME,
    host: value.HOST,
    port: value.PORT,
    publicUrl: value.PUBLIC_URL,
    databaseUrl: value.DATABASE_URL,
    temporal: Object.freeze({
      address: value.TEMPORAL_ADDRESS,
      namespace: value.TEMPORAL_NAMESPACE,
      uiUrl: value.TEMPORAL_UI_URL,
    }),
    versioning: Object.freeze({
      mode: value.WORKFLOW_VERSIONING,
      deploymentName: value.TEMPORAL_DEPLOYMENT_NAME,
      buildId: value.TEMPORAL_WORKER_BUILD_ID,
    }),
    blobsUrl: value.BLOBS_URL,
    logLevel: value.LOG_LEVEL,
    slackApiUrl: value.SLACK_API_URL.replace(/\/+$/, ''),
    xApiUrl: value.X_API_URL.replace(/\/+$/, ''),
    backboneWeights: value.BACKBONE_WEIGHTS,
    textEncoder: value.TEXT_ENCODER,
    assetAt: (variable: string) => set[variable],
    starterTitles: value.STARTER_TITLES,
    localAdminToken: value.LOCAL_ADMIN_TOKEN,
    alertWebhook: value.ALERT_WEBHOOK,
    demoReviewer: value.DEMO_REVIEWER,
    demoApprover: value.DEMO_APPROVER,
    learnFromX: value.LEARN_FROM_X === 'yes',
    tensorflow: value.TENSORFLOW,
    inference: Object.freeze({ maxBatch: value.INFERENCE_MAX_BATCH, maxDelayMs: value.INFERENCE_MAX_DELAY_MS }),
    reconcileSeconds: value.RECONCILE_SECONDS,
    botsFolder: value.BOTS_FOLDER,
    killAt: value.KILL_AT,
    slack: (bot: string) => {
      const found = credentialsOf(set, bot, slackCredentials, Object.keys(slackCredentials.shape))
      return found && { signingSecrets: found.SLACK_SIGNING_SECRET, botToken: found.SLACK_BOT_TOKEN }
    },
    x: (bot: string) => {
      const found = credentialsOf(set, bot, xCredentials, Object.keys(xCredentials.shape))
      return (
        found && {
          consumerKey: found.X_CONSUMER_KEY,
          consumerSecrets: found.X_CONSUMER_SECRET,
          accessToken: found.X_ACCESS_TOKEN,
          accessTokenSecret: found.X_ACCESS_TOKEN_SECRET,
        }
      )
    },
    xApproval: (bot: string) => {
      const found = credentialsOf(set, bot, xApproval, Object.keys(xApproval.shape))
      return {
        aiRepliesApproved: found?.X_AI_REPLIES_APPROVED === 'yes',
        automatedLabel: found?.X_AUTOMATED_LABEL === 'yes',
        bioDisclosure: found?.X_BIO_DISCLOSURE === 'yes',
      }
    },
  })
}

/** The configuration of this process. */
export const configOfThisProcess = (): Config => loadConfig(process.env)

/** The environment as it is, to hand on to child processes and to look programs up on PATH; never to read settings from. */
export const inheritedEnvironment = (): Environment => process.env
