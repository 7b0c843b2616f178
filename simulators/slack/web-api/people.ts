import { botIdOf } from '../apps.ts'
import { avatarsOf } from '../hosts/avatar-host.ts'
import { domainOf } from '../state/present.ts'
import { SlackError, text } from './call.ts'
import type { Call, WebMethod } from './call.ts'

const authTest: WebMethod = {
  answer: ({ app }) => ({
    url: `https://${domainOf(app.team)}.slack.com/`,
    team: app.team,
    user: app.bot,
    team_id: app.team,
    user_id: app.botUserId,
    bot_id: botIdOf(app),
    is_enterprise_install: false,
  }),
}

/** A person or a bot's user. @throws SlackError `user_not_found`. */
function found({ world, app, args }: Call) {
  const id = text(args, 'user') ?? app.botUserId
  const bot = world.apps.find(({ botUserId }) => botUserId === id)
  const person = world.workspace.people.get(id)
  const name = bot?.bot ?? person?.name
  if (name === undefined) throw new SlackError('user_not_found')
  return { id, name, isBot: bot !== undefined, picture: person?.picture }
}

function profileOf(who: ReturnType<typeof found>, team: string) {
  const { id, name, picture } = who
  return {
    display_name: name,
    display_name_normalized: name,
    real_name: name,
    real_name_normalized: name,
    team,
    ...avatarsOf(id, picture),
  }
}

const usersInfo: WebMethod = {
  scope: 'users:read',
  answer: (call) => {
    const who = found(call)
    const { team } = call.app
    const shown = { id: who.id, team_id: team, name: who.name.toLowerCase(), real_name: who.name }
    return { user: { ...shown, deleted: false, is_bot: who.isBot, profile: profileOf(who, team) } }
  },
}

const usersProfile: WebMethod = {
  scope: 'users.profile:read',
  answer: (call) => ({ profile: profileOf(found(call), call.app.team) }),
}

export const personMethods: Readonly<Record<string, WebMethod>> = {
  'auth.test': authTest,
  'users.info': usersInfo,
  'users.profile.get': usersProfile,
}
