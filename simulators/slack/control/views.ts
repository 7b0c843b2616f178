import { z } from 'zod'
import { BadRequest, json } from '../../wire/exchange.ts'
import { bodyOf } from '../../wire/routes.ts'
import type { Route } from '../../wire/routes.ts'
import type { SlackApp } from '../apps.ts'
import { begin, isAcknowledged, objectIn, sendPayload, told } from '../delivery/interaction.ts'
import { viewClosed, viewSubmission } from '../delivery/payloads.ts'
import { findView, viewObject } from '../state/present-view.ts'
import type { View } from '../state/workspace.ts'
import type { World } from '../world.ts'
import { fileShape, storedFile } from './attachments.ts'
import { fillIn, valuesShape } from './fill-in.ts'
import { appOf, userId } from './find.ts'
import { applyResponse } from './view-response.ts'

const viewShape = z
  .strictObject({
    viewId: z.string().optional(),
    externalId: z.string().optional(),
    user: userId,
    /** By block and action id, or by action id alone. */
    values: valuesShape.default({}),
    /** For the modal's file input; `actionId` says for which, when there are several. */
    files: z
      .array(fileShape.safeExtend({ actionId: z.string().optional() }))
      .max(10)
      .default([]),
    close: z.boolean().default(false),
  })
  .refine(({ viewId, externalId }) => viewId !== undefined || externalId !== undefined, {
    error: 'viewId or externalId is needed',
  })
type Asked = z.infer<typeof viewShape>

/** @throws BadRequest (404). */
function openView(world: World, { viewId, externalId, user }: Asked): View {
  const view = findView(world.workspace, { id: viewId, externalId })
  if (view?.user !== user) throw new BadRequest('viewId: this person has no such modal open', 404)
  return view
}

async function close(world: World, app: SlackApp, view: View) {
  await world.ledger.record({ method: '_sim/views', id: view.id })
  if (!view.content.notify_on_close) return { closed: true, sent: false }
  const { status, ms, body } = await sendPayload(world, app, viewClosed({ world, app, user: view.user }, view))
  return { closed: true, sent: true, status, ms, body }
}

async function submit(world: World, app: SlackApp, asked: Asked) {
  const view = openView(world, asked)
  const { user } = asked
  const files = asked.files.map(({ actionId, ...file }, at) => ({
    actionId,
    file: storedFile(file, [view.id, view.hash, `${Date.now()}`, `${at}`]),
  }))
  if (files.length > 0)
    await world.ledger.record({ method: '_sim/uploads', user, files: files.map(({ file }) => file) })
  const values = fillIn(world, app, view, { values: asked.values, files })
  const { trigger } = await begin(world, { app, user, kind: 'app' })
  const outcome = await sendPayload(world, app, viewSubmission({ world, app, user }, view, { trigger, values }))
  const result = isAcknowledged(outcome)
    ? await applyResponse(world, view, objectIn(outcome.body) ?? {})
    : { closed: false, error: 'We had some trouble connecting. Try again?' }
  return { ...told(trigger, outcome), ...result }
}

/** Modals: which are open, and what people do with them. */
export const viewRoutes = (world: World): readonly Route[] => [
  {
    pattern: 'GET /_sim/views',
    handle: ({ query }) => {
      const user = query.get('user')
      const open = [...world.workspace.views.values()].filter((view) => view.open && (user ?? view.user) === view.user)
      const views = open.map((view) => ({
        bot: view.bot,
        user: view.user,
        ...viewObject(view, appOf(world, view.bot)),
      }))
      return json({ views })
    },
  },
  {
    pattern: 'POST /_sim/views',
    handle: async (exchange) => {
      const asked = bodyOf(exchange, viewShape)
      const view = openView(world, asked)
      const app = appOf(world, view.bot)
      return json(asked.close ? await close(world, app, view) : await submit(world, app, asked))
    },
  },
]
