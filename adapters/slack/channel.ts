import type { WebClient } from '@slack/web-api'
import type { Channel, Form } from '../../domain/channel.ts'
import type { ReplyAddress, SlackAddress, SlackChannelAddress, SlackEphemeralAddress } from '../../domain/inbound.ts'
import { viewOf } from './forms.ts'
import { codeOf, sendFailureOf } from './outbound/failures.ts'
import { findReply } from './outbound/find-reply.ts'
import { slackPicture } from './outbound/pictures.ts'
import { slackText } from './outbound/reply-text.ts'
import { sendEphemeral, sendVisible } from './outbound/send.ts'
import { subjectPictures } from './outbound/subject.ts'
import { createWebClient } from './outbound/web-client.ts'

function slackAddress(address: ReplyAddress): SlackAddress | SlackChannelAddress | SlackEphemeralAddress {
  switch (address.kind) {
    case 'slack-thread':
    case 'slack-channel':
    case 'slack-ephemeral':
      return address
    default:
      throw new TypeError(`not an address in Slack: ${address.kind}`)
  }
}

/** The post that is changed may be gone: then there is nothing to change. */
const nothingToChange: ReadonlySet<string> = new Set(['message_not_found', 'cant_update_message'])

async function update(client: WebClient, post: Parameters<Channel['update']>[0]): Promise<void> {
  const { channelId: channel } = slackAddress(post.address)
  await client.chat.update({ channel, ts: post.id, text: slackText(post.text), blocks: [] }).catch((error: unknown) => {
    if (!nothingToChange.has(codeOf(error) ?? '')) throw sendFailureOf(error)
  })
}

/** A trigger that has expired or was used opens nothing; the person is told what else to do. */
const openForm = (client: WebClient, triggerId: string, form: Form): Promise<boolean> =>
  client.views.open({ trigger_id: triggerId, view: viewOf(form) }).then(
    () => true,
    () => false,
  )

/**
 * One bot's way into Slack: one post per reply, marked with its key, looked for by that key; what one person sees alone is
 * sent once and cannot be looked for.
 * @param options `token`: the bot's token. `apiUrl`: `live`, or the base URL of a simulator without a trailing slash.
 */
export function createSlackChannel(options: { readonly token: string; readonly apiUrl: string }): Channel {
  const client = createWebClient(options)
  const download = (picture: Parameters<typeof slackPicture>[2]) => slackPicture(client, options.token, picture)
  return {
    send: async (reply) => {
      const address = slackAddress(reply.address)
      return address.kind === 'slack-ephemeral'
        ? sendEphemeral(client, reply, { address, apiUrl: options.apiUrl })
        : sendVisible(client, reply, { address, apiUrl: options.apiUrl })
    },
    find: async (reply, since) => {
      const address = slackAddress(reply.address)
      return address.kind === 'slack-ephemeral' ? undefined : findReply(client, { key: reply.key, address }, since)
    },
    picturesOf: (message) =>
      message.pictures.length > 0
        ? Promise.all(message.pictures.map(download))
        : subjectPictures(client, message, download),
    update: (post) => update(client, post),
    openForm: (triggerId, form) => openForm(client, triggerId, form),
  }
}
