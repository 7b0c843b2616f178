import { condition } from '@temporalio/workflow'
import type { Arrival, Choice, Rendezvous } from '../../domain/rendezvous/score.ts'
import type { MessageRequest, Prepared, PreparedInput } from '../../activities/contract.ts'
import { scoringDeadlineMs } from '../../domain/outcome.ts'
import { choose, isDecided } from '../../domain/rendezvous/rendezvous.ts'
import type { PlacedChoice } from '../../domain/words/reply-text.ts'
import { answeringFor } from '../../domain/rollout/serving-changes.ts'
import type { Member } from '../../domain/serving-set.ts'
import { letGo } from '../steps/step-failure.ts'
import { explainingSteps, scoringSteps } from '../steps/steps.ts'

type Ready = Extract<Prepared, { kind: 'ready' }>

const longestSilenceMs = 10 * 60 * 1000

/** The reason for a long wait, as far as our records know it. */
export const whySilent = (messageId: string): Promise<string> =>
  explainingSteps.explainSilence({ messageId }).catch((error: unknown) => {
    letGo(error)
    return 'nothing has answered yet, and neither does the database'
  })

/** Where the scores of one input arrive. */
interface Mailbox {
  readonly arrivals: readonly Arrival[]
  /** Some version that may answer has, or at least the baseline. */
  readonly answered: () => boolean
  /** Nothing more can change the choice. */
  readonly complete: () => boolean
  /** All scores are in, late ones too; those that gave up are left out. */
  readonly settled: Promise<unknown>
}

interface Collecting {
  readonly request: MessageRequest
  readonly prepared: Ready
  readonly withinMs: number
  readonly waiting: (reason: string) => void
}

const rendezvousOf = (prepared: Ready, deadlineHit: boolean): Rendezvous => ({
  policy: prepared.policy,
  answering: answeringFor(prepared, (version) => prepared.canaryShares?.[version] ?? 1),
  baseline: prepared.members.find((member) => member.baseline),
  calibrated: prepared.calibrated,
  share: prepared.share,
  deadlineHit,
})

/** Asks every member of the serving set, in parallel. */
function openMailbox(input: PreparedInput, { request, prepared, withinMs }: Collecting): Mailbox {
  const { scoreMessage } = scoringSteps(withinMs)
  const startedAt = Date.now()
  const arrivals: Arrival[] = []
  const rendezvous = rendezvousOf(prepared, false)
  const able = [...rendezvous.answering, ...(rendezvous.baseline ? [rendezvous.baseline] : [])]
  const ask = async (member: Member) => {
    const subject = { messageId: request.messageId, bot: request.bot, ...input, member }
    const summary = `Score by ${member.slot} v${member.version} (${member.stage})`
    const score = await scoreMessage.executeWithOptions({ summary }, [subject])
    arrivals.push({ score, arrivedMs: Date.now() - startedAt })
  }
  const progress = { settled: false }
  const asked = prepared.members.map((member) => ask(member).catch(letGo))
  const settled = Promise.all(asked).then(() => (progress.settled = true))
  return {
    arrivals,
    answered: () => arrivals.some(({ score }) => able.some(({ version }) => version === score.version)),
    complete: () => progress.settled || isDecided(arrivals, rendezvous),
    settled,
  }
}

/**
 * The rendezvous of one input: at the deadline what has arrived is chosen from; when nothing has, the first score to
 * arrive is the answer, and `waiting` is told meanwhile why it takes long.
 * @throws NoScore when every version gave up.
 */
async function scoreInput(
  input: PreparedInput,
  collecting: Collecting,
): Promise<{ readonly choice: Choice; readonly settled: Promise<unknown> }> {
  const mailbox = openMailbox(input, collecting)
  const inTime = await condition(mailbox.complete, scoringDeadlineMs, { summary: 'Scoring deadline' })
  const done = () => mailbox.answered() || mailbox.complete()
  for (let pauseMs = scoringDeadlineMs; !done(); pauseMs = Math.min(pauseMs * 2, longestSilenceMs)) {
    collecting.waiting(await whySilent(collecting.request.messageId))
    await condition(done, pauseMs, { summary: 'Look again why no version answers' })
  }
  const choice = choose(mailbox.arrivals, rendezvousOf(collecting.prepared, !inTime))
  return { choice, settled: mailbox.settled }
}

/**
 * Scores every input of a message and chooses an answer for each.
 * @returns the choices, and a promise of the late scores.
 * @throws NoScore when every version gave up on an input.
 */
export async function scoreInputs(
  request: MessageRequest,
  prepared: Ready,
  options: { readonly withinMs: number; readonly waiting: (reason: string) => void },
): Promise<{ readonly choices: readonly PlacedChoice[]; readonly settled: Promise<unknown> }> {
  const collecting = { request, prepared, ...options }
  const scored = await Promise.all(prepared.inputs.map((input) => scoreInput(input, collecting)))
  return {
    choices: scored.map(({ choice }, index) => ({
      position: prepared.inputs[index]?.position ?? index,
      choice,
      unsure: choice.known && choice.confidence < prepared.asking.below,
    })),
    settled: Promise.all(scored.map(({ settled }) => settled)),
  }
}
