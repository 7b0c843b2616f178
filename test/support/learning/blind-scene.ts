import { randomUUID } from 'node:crypto'
import { createPeopleActivities } from '../../../activities/people/create.ts'
import { correctionDefaults } from '../../../domain/correction.ts'
import { labelBlind } from '../../../store/blind/labels.ts'
import { questionsFor } from '../../../store/blind/questions.ts'
import type { Db } from '../../../store/db.ts'
import { deleteMessage } from '../../../store/messages/deletions.ts'
import { withRole } from '../messages/corrections.ts'
import { rolloutScene } from './rollout-scene.ts'

/** Two versions that say different things of one message. */
export const disagree = { champion: 'fedora', challenger: 'no-fedora' }

/** A bot that is asked in words, so that its blind questions quote them, and the people who answer those. */
export async function blindScene(db: Db) {
  const made = await rolloutScene(db, { stage: 'canary', bot: { family: 'text-classifier' } })
  const { name, posts, scored } = made
  const activities = createPeopleActivities(made.deps)
  /** What anybody new is asked at the labelling page. */
  const open = () => questionsFor(db, { bot: name, personId: randomUUID(), limit: 10 })
  /** A message that the versions disagree about, and the question about it, which is in the channel. */
  const asked = async () => {
    const message = await scored(disagree)
    await activities.askBlind(made.key)
    const question = (await open()).find(({ messageId }) => messageId === message.id)
    const post = posts.find(({ key }) => key === `blind:${question?.id}`)
    if (question === undefined || post === undefined) throw new Error('nobody was asked')
    return { ...message, question, post }
  }
  /** Its author deletes a message. */
  const takesBack = ({ businessKey }: { readonly businessKey: string }) =>
    deleteMessage(db, { bot: name, channel: 'slack', businessKey: 'gone', of: businessKey })
  const reviewer = () => withRole(db, `U${randomUUID()}`, 'reviewer', name)
  /** @param label `null`: the person cannot tell. */
  const labels = (questionId: string, personId: string, label: string | null = 'fedora') =>
    labelBlind(db, { id: randomUUID(), questionId, personId, label: label ?? undefined }, correctionDefaults)
  return { ...made, activities, open, asked, takesBack, reviewer, labels }
}
