import { z } from 'zod'
import { withIds } from './check.ts'
import type { modalShape } from './shapes.ts'

const label = z.looseObject({ type: z.literal('plain_text'), text: z.string() })

/** A modal's content as Slack keeps it: every field is there, every block and element has an id. */
export const viewContentShape = z.object({
  type: z.literal('modal'),
  title: label,
  submit: label.nullable(),
  close: label.nullable(),
  blocks: z.array(z.record(z.string(), z.unknown())),
  private_metadata: z.string(),
  callback_id: z.string(),
  external_id: z.string(),
  clear_on_close: z.boolean(),
  notify_on_close: z.boolean(),
  submit_disabled: z.boolean(),
})
export type ViewContent = Readonly<z.infer<typeof viewContentShape>>

/** What is kept of a modal that an app sent. */
export const contentOfModal = (modal: z.infer<typeof modalShape>): ViewContent => ({
  type: 'modal',
  title: modal.title,
  submit: modal.submit ?? null,
  close: modal.close ?? null,
  blocks: [...withIds(modal.blocks)],
  private_metadata: modal.private_metadata ?? '',
  callback_id: modal.callback_id ?? '',
  external_id: modal.external_id ?? '',
  clear_on_close: modal.clear_on_close ?? false,
  notify_on_close: modal.notify_on_close ?? false,
  submit_disabled: modal.submit_disabled ?? false,
})
