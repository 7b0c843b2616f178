import type { LabelAddition } from '../../domain/inbound.ts'
import { mayAct } from '../../domain/people.ts'
import type { Db } from '../../store/db.ts'
import { addLabel } from '../../store/versions/labels.ts'
import { actorOnPlatform } from '../../store/people/people.ts'
import type { OpenBots } from '../../workers/bots/open-bots.ts'

const notYours = 'Labels are added by reviewers; ask one of them, or an admin for the role.'

/**
 * Adds a label that somebody asked for on a platform, when they are a reviewer of the bot.
 * @returns what they are told.
 */
export const labelAdder =
  (db: Db, bots: Pick<OpenBots, 'named' | 'refresh'>) =>
  async (name: string, { channel, workspace, authorId, label }: LabelAddition): Promise<string> => {
    const bot = bots.named(name)
    const actor = await actorOnPlatform(db, { channel, workspace, platformUserId: authorId })
    if (bot === undefined || actor === undefined || !mayAct(actor, name, 'reviewer')) return notYours
    const refusal = await addLabel(db, { bot, label, actor: actor.id })
    if (refusal) return refusal.text
    await bots.refresh()
    return `Added: ${label.id} (${label.words}). People can choose it from now on; I name it myself once I have learned it.`
  }
