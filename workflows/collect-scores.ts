import { condition } from '@temporalio/workflow'
import type { MessageRequest, Prepared } from '../activities/contract.ts'
import { scoringDeadlineMs } from '../domain/outcome.ts'
import { type Arrival, choose, type Choice } from '../domain/rendezvous.ts'
import { answeringMembers, type Member } from '../domain/serving-set.ts'
import { explainingSteps, scoringSteps } from './steps.ts'

type Ready = Extract<Prepared, { kind: 'ready' }>

const longestSilenceMs = 10 * 60 * 1000

/** The reason for a long wait, as far as our records know it. */
export const whySilent = (messageId: string): Promise<string> =>
  explainingSteps.explainSilence({ messageId }).catch(() => 'nothing has answered yet, and neither does the database')

/** Where the scores of one message arrive. */
interface Mailbox {
  readonly arrivals: readonly Arrival[]
  /** Some version that may answer has. */
  readonly answered: () => boolean
  /** Nothing more can change the choice. */
  readonly complete: () => boolean
  /** All scores are in, late ones too; those that gave up are left out. */
  readonly settled: Promise<unknown>
}

/** Asks every member of the serving set, in parallel. */
function openMailbox(request: MessageRequest, prepared: Ready, withinMs: number): Mailbox {
  const { scoreMessage } = scoringSteps(withinMs)
  const startedAt = Date.now()
  const arrivals: Arrival[] = []
  const answering = new Set(answeringMembers(prepared).map((member) => member.slot))
  const ask = async (member: Member) => {
    const subject = { messageId: request.messageId, bot: request.bot, inputSha256: prepared.inputSha256, member }
    const summary = `Score by ${member.slot} v${member.version} (${member.stage})`
    const score = await scoreMessage.executeWithOptions({ summary }, [subject])
    arrivals.push({ score, arrivedMs: Date.now() - startedAt })
  }
  const progress = { settled: false }
  const settled = Promise.allSettled(prepared.members.map(ask)).then(() => (progress.settled = true))
  const answers = () => arrivals.filter(({ score }) => answering.has(score.slot)).length
  return {
    arrivals,
    answered: () => answers() > 0,
    complete: () => progress.settled || answers() === answering.size,
    settled,
  }
}

/**
 * The rendezvous of one message: at the deadline what has arrived is chosen from; when nothing has, the first score to
 * arrive is the answer, and `waiting` is told meanwhile why it takes long.
 * @returns the choice, and a promise of the late scores.
 * @throws RangeError when every version gave up.
 */
export async function collectScores(
  request: MessageRequest,
  prepared: Ready,
  options: { readonly withinMs: number; readonly waiting: (reason: string) => void },
): Promise<{ readonly choice: Choice; readonly settled: Promise<unknown> }> {
  const mailbox = openMailbox(request, prepared, options.withinMs)
  const inTime = await condition(mailbox.complete, scoringDeadlineMs, { summary: 'Scoring deadline' })
  const done = () => mailbox.answered() || mailbox.complete()
  for (let pauseMs = scoringDeadlineMs; !done(); pauseMs = Math.min(pauseMs * 2, longestSilenceMs)) {
    options.waiting(await whySilent(request.messageId))
    await condition(done, pauseMs, { summary: 'Look again why no version answers' })
  }
  const choice = choose(mailbox.arrivals, {
    policy: prepared.policy,
    primarySlot: answeringMembers(prepared)[0]?.slot ?? '',
    deadlineHit: !inTime,
  })
  return { choice, settled: mailbox.settled }
}
