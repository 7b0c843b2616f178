import { letGoText, takenBackText } from '../../domain/words/correction-words.ts'
import { questionPosts, questionsQuotingDeleted, recordQuotesGone } from '../../store/corrections/questions.ts'
import { type PeopleDeps, placeOf } from './place.ts'

/** Takes words and pictures that their person took back out of the posts that ask about an answer. */
export async function letGoOfQuestions(deps: PeopleDeps, bot: string): Promise<void> {
  const { db } = deps
  const questions = await questionsQuotingDeleted(db, bot)
  const place = questions.length > 0 ? placeOf(deps, bot) : undefined
  if (place === undefined) return
  for (const question of questions) {
    const address = { ...place.address, channelId: question.channelId }
    const posts = await questionPosts(db, question)
    for (const { platformId: id } of posts)
      await place.channel.update({ id, address, text: `${takenBackText}\n${letGoText}` })
    await recordQuotesGone(db, question)
  }
}
