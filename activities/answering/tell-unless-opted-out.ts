import type { ReplyAddress } from '../../domain/inbound.ts'
import { canBeSilenced } from '../../domain/words/opt-out-words.ts'
import { parsePredictionId } from '../../domain/prediction.ts'
import type { Db } from '../../store/db.ts'
import type * as messages from '../../store/messages/messages.ts'
import type * as optOuts from '../../store/people/opt-outs.ts'
import type * as votes from '../../store/corrections/votes.ts'
import type { CorrectionActivities } from '../correction-contract.ts'

interface TellDeps {
  readonly db: Db
  readonly messages: Pick<typeof messages, 'messageById'>
  readonly votes: Pick<typeof votes, 'voteById'>
  readonly optOuts: Pick<typeof optOuts, 'hasOptedOut'>
}

interface Hearer {
  readonly bot: string
  readonly personId: string
  readonly address: ReplyAddress | undefined
}

const wantsNone = async (deps: TellDeps, { bot, personId, address }: Hearer): Promise<boolean> =>
  address !== undefined && canBeSilenced({ address }) && deps.optOuts.hasOptedOut(deps.db, bot, personId)

async function askerOf(deps: TellDeps, prediction: string): Promise<Hearer | undefined> {
  const ref = parsePredictionId(prediction)
  if (ref === undefined) return undefined
  const { message, personId } = await deps.messages.messageById(deps.db, ref.messageId)
  return { bot: message.bot, personId, address: message.address }
}

type Tellers = Pick<CorrectionActivities, 'tellVoter' | 'tellOther'>

/** What people are told of corrections, but for those who have said that they want to hear nothing. */
export const tellUnlessOptedOut = (deps: TellDeps, tell: Tellers): Tellers => ({
  tellVoter: async (receipt) => {
    if (await wantsNone(deps, await deps.votes.voteById(deps.db, receipt.voteId))) return
    await tell.tellVoter(receipt)
  },
  tellOther: async (news) => {
    const { prediction, to } = news
    const hearer = to.kind === 'asker' ? await askerOf(deps, prediction) : await deps.votes.voteById(deps.db, to.voteId)
    if (hearer !== undefined && (await wantsNone(deps, hearer))) return
    await tell.tellOther(news)
  },
})
