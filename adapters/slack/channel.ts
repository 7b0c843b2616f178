import type { WebClient } from '@slack/web-api'
import type { ReplyAddress, SlackAddress, SlackChannelAddress, SlackEphemeralAddress } from '../../domain/address.ts'
import type { Form } from '../../domain/form.ts'
import type { Channel, PostUpdate } from '../../domain/channel.ts'
import { viewOf } from './forms.ts'
import { cardBlocks } from './outbound/evidence-card.ts'
import { codeOf, sendFailureOf } from './outbound/failures.ts'
import { findReply } from './outbound/find-reply.ts'
import { slackPicture } from './outbound/pictures.ts'
import { naming, said } from './outbound/reply-text.ts'
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

/** The post that is changed may be gone, or its place closed to us: then there is nothing to change. */
const nothingToChange: ReadonlySet<string> = new Set([
  'cant_update_message',
  'channel_not_found',
  'edit_window_closed',
  'is_archived',
  'is_inactive',
  'message_not_found',
  'not_in_channel',
])

async function update(client: WebClient, post: PostUpdate): Promise<void> {
  const { channelId: channel } = slackAddress(post.address)
  const blocks = post.card === undefined ? [] : cardBlocks(post.card, naming(post.card.footer, post.person))
  await client.chat.update({ channel, ts: post.id, text: said(post), blocks }).catch((error: unknown) => {
    if (!nothingToChange.has(codeOf(error) ?? '')) throw sendFailureOf(error)
  })
}

const couldNotOpen =
  'Sorry, I could not open the form in time. Please try again, or use /fix with the link of my answer.'

/** Tells the person that no form opened, where nothing else can: a courtesy, in one attempt. */
async function tellNoForm(client: WebClient, form: Form): Promise<void> {
  const address = 'otherwise' in form ? form.otherwise : undefined
  if (address?.kind !== 'slack-ephemeral') return
  const { channelId: channel, userId: user } = address
  await client.chat.postEphemeral({ channel, user, text: couldNotOpen }).catch(() => undefined)
}

/** A trigger that has expired or was used opens nothing; the person is told what else to do. */
async function openForm(client: WebClient, triggerId: string, form: Form): Promise<boolean> {
  const isOpen = await client.views.open({ trigger_id: triggerId, view: viewOf(form) }).then(
    () => true,
    () => false,
  )
  if (!isOpen) await tellNoForm(client, form)
  return isOpen
}

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
