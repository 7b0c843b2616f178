import { botIdOf } from '../apps.ts'
import { mimetypeOf } from '../../wire/mimetype.ts'
import { fileObject } from '../present.ts'
import { SlackError, text } from './call.ts'
import type { WebMethod } from './call.ts'

const authTest: WebMethod = {
  answer: ({ app }) => ({
    url: `https://${app.team.toLowerCase()}.slack.com/`,
    team: app.team,
    user: app.bot,
    team_id: app.team,
    user_id: app.botUserId,
    bot_id: botIdOf(app),
    is_enterprise_install: false,
  }),
}

const filesInfo: WebMethod = {
  scope: 'files:read',
  answer: ({ world, app, args }) => {
    const file = world.workspace.files.get(text(args, 'file') ?? '')
    if (file === undefined) throw new SlackError('file_not_found')
    if (!file.mayRead) throw new SlackError('missing_scope', { needed: 'files:read', provided: app.scopes.join(',') })
    if (file.gone) throw new SlackError('file_deleted')
    // The scan is over by the time that anybody asks.
    const mimetype = file.mimetype || mimetypeOf(file.content, file.name)
    return { file: fileObject({ ...file, mimetype }, app.team), comments: [] }
  },
}

const usersInfo: WebMethod = {
  scope: 'users:read',
  answer: ({ world, app, args }) => {
    const id = text(args, 'user') ?? ''
    const bot = world.apps.find(({ botUserId }) => botUserId === id)
    if (bot === undefined && !world.workspace.users.has(id)) throw new SlackError('user_not_found')
    const name = bot?.bot ?? id.toLowerCase()
    return {
      user: {
        id,
        team_id: app.team,
        name,
        real_name: name,
        deleted: false,
        is_bot: bot !== undefined,
        profile: { display_name: name, real_name: name },
      },
    }
  },
}

export const lookupMethods: Readonly<Record<string, WebMethod>> = {
  'auth.test': authTest,
  'files.info': filesInfo,
  'users.info': usersInfo,
}
