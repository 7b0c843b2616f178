import { z } from 'zod'

const allScopes = [
  'app_mentions:read',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'im:history',
  'im:read',
  'im:write',
  'channels:history',
  'groups:history',
  'mpim:history',
  'users:read',
  'users.profile:read',
  'channels:read',
  'groups:read',
  'mpim:read',
  'reactions:write',
]

const described = { description: z.string().default('') }
const beside = (app: { readonly eventsUrl: string }, name: string) => app.eventsUrl.replace(/\/events$/, `/${name}`)

const appShape = z.object({
  bot: z.string().min(1),
  /** Where its events go: `<product>/slack/<bot>/events`. */
  eventsUrl: z.url({ protocol: /^http$/ }),
  /** By default beside `eventsUrl`. */
  commandsUrl: z.url({ protocol: /^http$/ }).optional(),
  interactivityUrl: z.url({ protocol: /^http$/ }).optional(),
  signingSecret: z.string().min(1),
  botToken: z.string().min(1),
  botUserId: z.string().min(1),
  appId: z.string().min(1),
  /** The workspace's id. */
  team: z.string().min(1),
  scopes: z.array(z.string()).default(allScopes),
  /** Its slash commands; without any it takes every command. */
  commands: z
    .array(z.object({ command: z.string().startsWith('/'), usage: z.string().default(''), ...described }))
    .default([]),
  /** What it adds to a message's menu; without any it takes every callback id. */
  shortcuts: z.array(z.object({ callbackId: z.string(), name: z.string(), ...described })).default([]),
})

/** One bot's app in the workspace, as the simulator is told of it. */
export const slackAppShape = appShape.transform((app) => ({
  ...app,
  commandsUrl: app.commandsUrl ?? beside(app, 'commands'),
  interactivityUrl: app.interactivityUrl ?? beside(app, 'interactivity'),
}))
export type SlackApp = Readonly<z.infer<typeof slackAppShape>>

/** The id that Slack calls the bot by in messages, beside its user id. */
export const botIdOf = (app: SlackApp): string => `B${app.botUserId.slice(1)}`

/** `hello @fedora-finder` → `hello <@U…>`, as Slack's own message box does for every member of the channel. */
export function withMentions(text: string, apps: readonly SlackApp[]): string {
  const longestFirst = apps.toSorted((one, other) => other.bot.length - one.bot.length)
  return longestFirst.reduce((done, app) => {
    const name = app.bot.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return done.replaceAll(new RegExp(`(?<![\\w<])@${name}(?![\\w-])`, 'gi'), `<@${app.botUserId}>`)
  }, text)
}

/** Whether the text mentions the app's bot user. */
export const mentions = (text: string, app: SlackApp): boolean =>
  text.includes(`<@${app.botUserId}>`) || text.includes(`<@${app.botUserId}|`)
