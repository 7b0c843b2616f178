import { directChannelOf } from '../state/ids.ts'
import type { Conversation } from '../state/workspace.ts'
import { SlackError, text } from './call.ts'
import type { Arguments, Call, WebMethod } from './call.ts'

const scopes: Readonly<Record<string, string>> = { D: 'im:read', G: 'groups:read' }
const readScope = (args: Arguments) => scopes[(text(args, 'channel') ?? '').charAt(0)] ?? 'channels:read'

/** The channel of the bot's direct messages with a person, opened when there are none yet. */
export async function directChannelWith(
  { world, app }: Call,
  user: string,
): Promise<{ channel: string; isNew: boolean }> {
  const channel = directChannelOf(app.bot, user)
  const isNew = !world.workspace.conversations.has(channel)
  if (isNew) await world.ledger.record({ method: 'conversations.open', bot: app.bot, user, channel })
  return { channel, isNew }
}

const open: WebMethod = {
  scope: 'im:write',
  answer: async (call) => {
    const { world, args } = call
    const users = (text(args, 'users') ?? '').split(',')
    const [user = ''] = users
    if (users.length > 1 || user === '') throw new SlackError('invalid_user_combination')
    if (!world.workspace.people.has(user)) throw new SlackError('user_not_found')
    const { channel, isNew } = await directChannelWith(call, user)
    return { channel: { id: channel }, ...(!isNew && { no_op: true, already_open: true }) }
  },
}

function described({ app }: Call, conversation: Conversation) {
  const { id, name, archived, members, people } = conversation
  const isDirect = id.startsWith('D')
  const [person] = people
  return {
    id,
    ...(isDirect ? { user: person } : { name, name_normalized: name, num_members: members.size + people.size }),
    is_channel: id.startsWith('C'),
    is_group: id.startsWith('G'),
    is_im: isDirect,
    is_mpim: false,
    is_private: !id.startsWith('C'),
    is_archived: archived,
    is_member: members.has(app.bot),
    context_team_id: app.team,
  }
}

const info: WebMethod = {
  scope: readScope,
  answer: (call) => {
    const { world, app, args } = call
    const found = world.workspace.conversations.get(text(args, 'channel') ?? '')
    // What is private is not there for a bot that is not in it.
    if (found === undefined || (!found.id.startsWith('C') && !found.members.has(app.bot)))
      throw new SlackError('channel_not_found')
    return { channel: described(call, found) }
  },
}

export const conversationMethods: Readonly<Record<string, WebMethod>> = {
  'conversations.open': open,
  'conversations.info': info,
}
