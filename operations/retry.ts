import type { StartableMessage } from '../store/messages/messages.ts'
import { reopenMessage } from '../store/messages/retries.ts'
import { type Asked, type NotDone, type OperationContext, withTemporal } from './operation.ts'

export type Retried = { readonly kind: 'started'; readonly workflowId: string } | { readonly kind: 'nothing-to-do' }

/** Gives a message that is open or failed its workflow again; what was said is not said twice. */
export const retry = (
  context: OperationContext,
  asked: Asked & { readonly bot: string; readonly messageId: string },
): Promise<Retried | NotDone> =>
  withTemporal<Retried, StartableMessage | undefined>(context, { name: 'retry', role: 'approver' }, asked, {
    // The message is open again, whatever becomes of the call.
    prepare: (trx, isFirst) => reopenMessage(trx, asked.messageId, { actor: asked.actor.id, isFirst }),
    act: async (temporal, message) => {
      if (message === undefined) return { kind: 'nothing-to-do' }
      await temporal.restartAnswer(message)
      return { kind: 'started', workflowId: message.workflowId }
    },
  })
