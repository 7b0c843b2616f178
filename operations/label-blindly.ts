import type { Bot } from '../domain/bot.ts'
import { type BlindOutcome, labelBlind, undoBlind } from '../store/blind/labels.ts'
import { idOfKey } from '../store/operations.ts'
import { type Asked, inOneTransaction, type NotDone, type OperationContext } from './operation.ts'

type AboutQuestion = Asked & { readonly bot: Pick<Bot, 'name' | 'corrections'>; readonly questionId: string }

/** A reviewer says what an input is, without knowing what a version said; without a label they cannot tell. */
export const labelBlindly = (
  context: OperationContext,
  asked: AboutQuestion & { readonly label: string | undefined },
): Promise<BlindOutcome | NotDone> => {
  const { bot, actor, key, questionId, label } = asked
  const id = idOfKey(`${actor.id}:${key}`)
  return inOneTransaction(context, { name: 'label-blindly', role: 'reviewer' }, asked, (trx) =>
    labelBlind(trx, { id, questionId, personId: actor.id, label }, bot.corrections),
  )
}

/** Takes a reviewer's own answer back, within minutes. */
export const undoLabel = (context: OperationContext, asked: AboutQuestion): Promise<BlindOutcome | NotDone> => {
  const { bot, actor, questionId } = asked
  return inOneTransaction(context, { name: 'undo-label', role: 'reviewer' }, asked, (trx) =>
    undoBlind(trx, { questionId, personId: actor.id }, bot.corrections),
  )
}
