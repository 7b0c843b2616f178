import type { Label } from '../domain/label.ts'
import type { LabelRefusal } from '../domain/added-label.ts'
import type { Bot } from '../domain/bot.ts'
import { addLabel as keepLabel } from '../store/versions/labels.ts'
import { type Asked, inOneTransaction, type NotDone, type OperationContext } from './operation.ts'

/** Gives a bot a label more, which people can choose from then on. */
export const addLabel = (
  context: OperationContext,
  asked: Asked & { readonly bot: Pick<Bot, 'name' | 'labels'>; readonly label: Label },
): Promise<{ readonly kind: 'added' } | { readonly kind: 'refused'; readonly refusal: LabelRefusal } | NotDone> => {
  const { bot, label, actor } = asked
  return inOneTransaction(context, { name: 'add-label', role: 'reviewer' }, asked, async (trx) => {
    const refusal = await keepLabel(trx, { bot, label, actor: actor.id })
    return refusal === undefined ? ({ kind: 'added' } as const) : ({ kind: 'refused', refusal } as const)
  })
}
