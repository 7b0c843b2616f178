import { z } from 'zod'
import { json } from '../../wire/exchange.ts'
import { parcelOfOwnMessage } from '../events.ts'
import { findAccount, nextId } from '../network.ts'
import type { Account, DirectMessage } from '../network.ts'
import { conversationIdOf, directMediaUrl, directMessageObject, mediaObject, messageWithFields } from '../present.ts'
import { forbidden, invalidRequest, notFound } from '../problems.ts'
import { deliverable } from '../world.ts'
import type { World } from '../world.ts'
import { callerOf, jsonBody, listParam, page, pageSize, Refused } from './call.ts'
import type { Call, Endpoint } from './call.ts'

const messageShape = z.strictObject({
  text: z.string().min(1).max(10_000).optional(),
  attachments: z
    .array(z.strictObject({ media_id: z.string() }))
    .max(1)
    .optional(),
})

const noPermission = 'You do not have permission to DM one or more participants.'

function participantOf(call: Call): Account | undefined {
  const id = call.params['participant_id'] ?? ''
  const found = findAccount(call.world.network, id)
  return found?.id === id ? found : undefined
}

/** An automated account may write to those who have written to it first [developer-guidelines.mdx]; here nobody else takes it. */
const hasWritten = ({ network }: World, person: Account, bot: Account): boolean =>
  [...network.messages.values()].some(({ from, to }) => from.id === person.id && to.id === bot.id)

const send: Endpoint = {
  pattern: 'POST /2/dm_conversations/with/:participant_id/messages',
  short: 'dm',
  answer: async (call) => {
    const { world, app } = call
    const { text } = jsonBody(call, messageShape)
    if (text === undefined) throw new Refused(invalidRequest('$.text: is missing but it is required'))
    const to = participantOf(call)
    const from = callerOf(call)
    if (to === undefined || to.id === from.id) return forbidden(noPermission)
    if (!hasWritten(world, to, from)) return forbidden(noPermission)
    const id = nextId(world.network)
    await world.ledger.record({
      method: 'POST /2/dm_conversations/with/:participant_id/messages',
      id,
      from: app.handle,
      to: to.handle,
      text,
    })
    const message = world.network.messages.get(id)
    for (const parcel of message ? deliverable(world, [parcelOfOwnMessage(message, app)]) : [])
      void world.courier.deliver(parcel)
    return json({ data: { dm_conversation_id: conversationIdOf(from, to), dm_event_id: id } }, { status: 201 })
  },
}

/** Media come only with the expansion; their address is that of the message. */
function mediaOf(call: Call, messages: readonly DirectMessage[]) {
  if (!listParam(call, 'expansions').includes('attachments.media_keys')) return {}
  const withUrl = listParam(call, 'media.fields').includes('url')
  const media = messages.flatMap((message) =>
    message.media.map((one) => mediaObject(one, withUrl ? directMediaUrl(message.id, one) : undefined)),
  )
  return media.length > 0 ? { includes: { media } } : {}
}

const fieldsOf = (call: Call): readonly string[] => {
  const expanded = listParam(call, 'expansions').map((name) => name.split('.')[0] ?? '')
  return [...listParam(call, 'dm_event.fields'), ...expanded]
}

const list: Endpoint = {
  pattern: 'GET /2/dm_conversations/with/:participant_id/dm_events',
  short: 'dm_events',
  answer: (call) => {
    const size = pageSize(call, { min: 1, max: 100, standard: 100 })
    const other = participantOf(call)
    if (other === undefined) return notFound('user', call.params['participant_id'] ?? '')
    const conversation = conversationIdOf(callerOf(call), other)
    const all = [...call.world.network.messages.values()]
      .filter(({ from, to }) => conversationIdOf(from, to) === conversation)
      .toReversed()
    const { shown, nextToken } = page(call, all, size)
    if (shown.length === 0) return json({ meta: { result_count: 0 } })
    const data = shown.map((message) => messageWithFields(directMessageObject(message), fieldsOf(call)))
    const meta = { result_count: shown.length, ...(nextToken !== undefined && { next_token: nextToken }) }
    return json({ data, ...mediaOf(call, shown), meta })
  },
}

const lookUp: Endpoint = {
  pattern: 'GET /2/dm_events/:id',
  short: 'dm_event',
  answer: (call) => {
    const id = call.params['id'] ?? ''
    const message = call.world.network.messages.get(id)
    const caller = callerOf(call).id
    if (message === undefined || ![message.from.id, message.to.id].includes(caller)) return notFound('dm_event', id)
    const data = messageWithFields(directMessageObject(message), fieldsOf(call))
    return json({ data, ...mediaOf(call, [message]) })
  },
}

export const directMessageEndpoints: readonly Endpoint[] = [send, list, lookUp]
