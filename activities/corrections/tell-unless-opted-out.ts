import type { ReplyAddress } from '../../domain/address.ts'
import { canBeSilenced } from '../../domain/words/opt-out-words.ts'
import { parsePredictionId } from '../../domain/prediction.ts'
import { voteById } from '../../store/corrections/votes.ts'
import type { Db } from '../../store/db.ts'
import { messageById } from '../../store/messages/messages.ts'
import { hasOptedOut } from '../../store/people/opt-outs.ts'
import type { CorrectionActivities } from '../correction-contract.ts'

interface Hearer {
  readonly bot: string
  readonly personId: string
  readonly address: ReplyAddress | undefined
}

const wantsNone = async (db: Db, { bot, personId, address }: Hearer): Promise<boolean> =>
  address !== undefined && canBeSilenced({ address }) && hasOptedOut(db, bot, personId)

async function askerOf(db: Db, prediction: string): Promise<Hearer | undefined> {
  const ref = parsePredictionId(prediction)
  if (ref === undefined) return undefined
  const { message, personId } = await messageById(db, ref.messageId)
  return { bot: message.bot, personId, address: message.address }
}

type Tellers = Pick<CorrectionActivities, 'tellVoter' | 'tellOther'>

/** What people are told of corrections, but for those who have said that they want to hear nothing. */
export const tellUnlessOptedOut = (db: Db, tell: Tellers): Tellers => ({
  tellVoter: async (receipt) => {
    if (await wantsNone(db, await voteById(db, receipt.voteId))) return
    await tell.tellVoter(receipt)
  },
  tellOther: async (news) => {
    const { prediction, to } = news
    const hearer = to.kind === 'asker' ? await askerOf(db, prediction) : await voteById(db, to.voteId)
    if (hearer !== undefined && (await wantsNone(db, hearer))) return
    await tell.tellOther(news)
  },
})
