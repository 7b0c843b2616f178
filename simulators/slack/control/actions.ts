import { z } from 'zod'
import { BadRequest, json } from '../../wire/exchange.ts'
import { bodyOf } from '../../wire/routes.ts'
import type { Route } from '../../wire/routes.ts'
import type { SlackApp } from '../apps.ts'
import type { Blocks } from '../blocks/check.ts'
import { actionOf, entered, type Field, fieldsOf } from '../blocks/fields.ts'
import { begin, sendPayload, told } from '../delivery/interaction.ts'
import { messageClick, viewClick } from '../delivery/payloads.ts'
import type { Click } from '../delivery/payloads.ts'
import { findView } from '../state/present-view.ts'
import { takeTs } from '../state/workspace.ts'
import type { Message, View } from '../state/workspace.ts'
import type { World } from '../world.ts'
import { entryFor, valuesShape } from './fill-in.ts'
import { appOf, channelId, messageSeenBy, timestamp, userId } from './find.ts'

/** The state of every field beside the one that is clicked. @throws BadRequest when there is no such choice. */
const stateBeside =
  ({ values }: Asked) =>
  (field: Field) => {
    const entry = entryFor(field, values)
    const state = entry === undefined ? undefined : entered(field, entry)
    if (entry !== undefined && state === undefined) throw new BadRequest('values: there is no such choice')
    return state
  }

const actionShape = z
  .strictObject({
    ts: timestamp.optional(),
    viewId: z.string().optional(),
    channel: channelId.optional(),
    actionId: z.string().min(1),
    blockId: z.string().min(1).optional(),
    user: userId,
    /** Of a menu the option's value, or several; of a button, when several have one action id. */
    value: z.union([z.string(), z.array(z.string())]).optional(),
    /** What is written into the inputs of the message: by block and action id, or by action id alone. */
    values: valuesShape.default({}),
    /** So many clicks at once, each of its own. */
    copies: z.int().min(1).max(20).default(1),
  })
  .refine(({ ts, viewId }) => (ts === undefined) !== (viewId === undefined), {
    error: 'ts for a message or viewId for a modal',
  })
type Asked = z.infer<typeof actionShape>

/** Where the click is: a message that the person sees, or a modal that is open for the person. */
function placeOf(world: World, { ts, channel, viewId, user }: Asked): Message | View {
  if (ts !== undefined) return messageSeenBy(world, { ts, channel, user })
  const view = findView(world.workspace, { id: viewId, externalId: undefined })
  if (view?.user !== user) throw new BadRequest('viewId: this person has no such modal open', 404)
  return view
}

/** @throws BadRequest (404) when there is nothing like it to click. */
function clickIn(blocks: Blocks, asked: Asked, actionTs: string): Click {
  const fields = fieldsOf(blocks).filter(
    ({ actionId, blockId }) => actionId === asked.actionId && (asked.blockId ?? blockId) === blockId,
  )
  if (fields.length === 0) throw new BadRequest('actionId: there is nothing like it in the blocks', 404)
  for (const field of fields) {
    const action = actionOf(field, asked.value, actionTs)
    if (action) return { field, action }
  }
  throw new BadRequest('value: there is no such choice', 404)
}

const blocksIn = (place: Message | View): Blocks => ('content' in place ? place.content.blocks : (place.blocks ?? []))

async function click(world: World, app: SlackApp, asked: Asked) {
  const place = placeOf(world, asked)
  const { user } = asked
  const made = clickIn(blocksIn(place), asked, takeTs(world.workspace))
  const context = { world, app, user }
  if ('content' in place) {
    const handles = await begin(world, { app, user, kind: 'actions' })
    return told(handles.trigger, await sendPayload(world, app, viewClick(context, place, { ...made, ...handles })))
  }
  const handles = await begin(world, { app, user, channel: place.channel, clicked: place, kind: 'actions' })
  const payload = messageClick(context, place, { ...made, ...handles, held: stateBeside(asked) })
  return { ...told(handles.trigger, await sendPayload(world, app, payload)), responseUrl: handles.responseUrl }
}

/** Clicks and choices, in messages and in modals. */
export const actionRoutes = (world: World): readonly Route[] => [
  {
    pattern: 'POST /_sim/actions',
    handle: async (exchange) => {
      const asked = bodyOf(exchange, actionShape)
      const { bot } = placeOf(world, asked)
      if (bot === undefined || bot === 'slackbot') throw new BadRequest('ts: no bot has written that message', 404)
      const app = appOf(world, bot)
      const clicks = await Promise.all(Array.from({ length: asked.copies }, () => click(world, app, asked)))
      return json({ ...clicks[0], ...(asked.copies > 1 && { copies: clicks }) })
    },
  },
]
