import type { ReplyAddress } from '../../domain/address.ts'
import { openQuestions } from '../../store/corrections/questions.ts'
import { pausedBots } from '../../store/pauses.ts'
import { botFigures } from '../../store/reports.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import type { Bot } from '../../domain/bot.ts'
import type { CorrectionSummary } from '../../store/corrections/correction-list.ts'
import type { InputDetail, MessageDetail } from '../../store/messages/message-detail.ts'
import type { Pause } from '../../store/pauses.ts'
import type { BotFigures, MessageSummary } from '../../store/reports.ts'
import type { OperatorDeps } from './context.ts'

/** Where a workflow is shown in the Temporal UI. */
export const workflowUrl = (deps: Pick<OperatorDeps, 'temporalUiUrl' | 'temporalNamespace'>, id: string): string =>
  `${deps.temporalUiUrl}/namespaces/${deps.temporalNamespace}/workflows/${encodeURIComponent(id)}`

/** A summary as the API tells it. */
export const presented = (deps: OperatorDeps, summary: MessageSummary) => ({
  ...summary,
  // Told as the list's `next`.
  cursor: undefined,
  sentAt: summary.sentAt.toISOString(),
  receivedAt: summary.receivedAt.toISOString(),
  workflowUrl: workflowUrl(deps, summary.workflowId),
})

/** Where the conversation is on its platform, as far as an address gives a link. */
function linkOf(address: ReplyAddress): string | null {
  switch (address.kind) {
    case 'slack-thread': {
      const base = `https://app.slack.com/client/${address.team}/${address.channelId}`
      return `${base}/thread/${address.channelId}-${address.threadTs}`
    }
    case 'slack-channel':
    case 'slack-ephemeral':
      return `https://app.slack.com/client/${address.team}/${address.channelId}`
    case 'x-post':
      return `https://x.com/i/web/status/${address.postId}`
    case 'x-direct':
    case 'http':
      return null
  }
}

const none: Omit<BotFigures, 'bot'> = {
  ...{ messages: 0, answered: 0, refused: 0, failed: 0, expired: 0, open: 0 },
  ...{ median: null, p95: null, oldestOpenMs: null },
}

/** A message that is open for longer than this waits for something that is missing, in milliseconds. */
const waitingAfterMs = 60_000

function healthOf(live: number, figures: Omit<BotFigures, 'bot'>) {
  if (live === 0) return { state: 'down', reason: 'no version is live yet: its first model is being made' } as const
  const oldest = figures.oldestOpenMs ?? 0
  return oldest > waitingAfterMs
    ? ({ state: 'waiting', reason: `a message has been open for ${Math.round(oldest / 60_000)} minutes` } as const)
    : ({ state: 'ok', reason: 'answering' } as const)
}

const pausedAs = (pause: Pause | undefined) =>
  pause === undefined ? null : { since: pause.since.toISOString(), by: pause.by }

/** A correction as the API tells it. */
export const presentedCorrection = (correction: CorrectionSummary) => ({
  ...correction,
  openedAt: correction.openedAt.toISOString(),
  decidedAt: correction.decidedAt?.toISOString() ?? null,
})

/** One picture, or the text, of a message as the API tells it; `quorum` votes settle what people say of it. */
const presentedInput = ({ picture, scores, choice, correction, ...input }: InputDetail, quorum: number) => ({
  ...input,
  picture: picture && { ...picture, url: `/api/pictures/${picture.sha256}` },
  scores: [...scores],
  choice: choice && { ...choice, candidates: [...choice.candidates] },
  correction: correction && { ...correction, votes: [...correction.votes], needed: quorum },
})

/** What a message's detail says beside its summary. */
export const presentedDetail = ({ text, address, inputs, replies }: MessageDetail, quorum: number) => ({
  text,
  address: { kind: address.kind, link: linkOf(address) },
  inputs: inputs.map((input) => presentedInput(input, quorum)),
  replies: [...replies],
})

/** The bots that a person may look at, each with its state and today's figures. */
export async function presentBots(deps: OperatorDeps, visible: readonly string[] | undefined) {
  const [figures, pauses, waiting] = await Promise.all([
    botFigures(deps.db),
    pausedBots(deps.db),
    openQuestions(deps.db),
  ])
  const present = async ({ name, family, channels, labels, policy }: Bot) => {
    const members = (await servingSetOf(deps.db, name))?.members ?? []
    const { median, p95, ...counts } = figures.get(name) ?? none
    return {
      ...{ name, family, policy, channels: [...channels], labels: labels.map((label) => ({ ...label })) },
      paused: pausedAs(pauses.get(name)),
      health: healthOf(members.filter(({ stage }) => stage === 'live').length, { median, p95, ...counts }),
      versions: members.map(({ slot, version, stage, baseline }) => ({ slot, version, stage, baseline })),
      today: counts,
      answerMs: median === null || p95 === null ? null : { median, p95 },
      waitingForPeople: waiting.get(name) ?? 0,
      talkAt: deps.talkAt
        .filter(({ channel }) => (channels as readonly string[]).includes(channel))
        .map((each) => ({ ...each })),
    }
  }
  return Promise.all(
    deps
      .bots()
      .filter(({ name }) => visible?.includes(name) ?? true)
      .map(present),
  )
}
