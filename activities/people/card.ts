import type { Card } from '../../domain/channel.ts'
import { personMark } from '../../domain/words/match-text.ts'
import { parsePredictionId } from '../../domain/prediction.ts'
import type { DecisionKind } from '../../domain/rollout/rollout.ts'
import type { CardFacts, MadeDecision } from '../../store/approvals/cards.ts'
import { cardPoints, timeText } from './card-points.ts'

const done: Readonly<Record<DecisionKind, string>> = { promote: 'Promoted', hold: 'Held', reject: 'Rejected' }

/** Who decided what, when, on which evidence. */
function decisionText({ decision, evidenceHash, override, at, slackUser }: MadeDecision): string {
  const who = slackUser === undefined ? 'an approver on the page' : personMark
  const past = override ? ' It went past an inconclusive verdict.' : ''
  return `${done[decision]} by ${who} at ${timeText(at)} on evidence ${evidenceHash.slice(0, 12)}.${past}`
}

const isDecided = (decision: MadeDecision | undefined): boolean =>
  decision !== undefined && decision.decision !== 'hold'

function footerOf({ rollout, evidence, decision }: CardFacts, waits: boolean): string {
  const demo = evidence.payload.demo ? 'Demonstration: the thresholds are far below those of a real rollout. ' : ''
  const made = decision === undefined ? '' : `${decisionText(decision)} `
  const who = waits
    ? `An approver decides who has contributed none of its corrections; until ${timeText(evidence.expiresAt)}. `
    : ''
  const over = rollout.end === undefined ? '' : `The rollout ended: ${rollout.end}. ${rollout.reason ?? ''} `
  return `${demo}${made}${who}${over}Evidence ${evidence.hash.slice(0, 12)}.`.replaceAll('  ', ' ')
}

const caution =
  'The evidence is inconclusive. A promotion goes past it, needs your reason, and is recorded with your name.'

function askOf({ evidence: { id, payload } }: CardFacts): NonNullable<Card['ask']> {
  const { verdict } = payload.judgement
  const promote = verdict === 'pass' || verdict === 'inconclusive'
  return { evidenceId: id, promote, ...(verdict === 'inconclusive' && { caution }) }
}

function headingOf({ rollout, evidence, decision }: CardFacts, waits: boolean): string {
  const name = `${rollout.bot} v${rollout.version}`
  const demo = evidence.payload.demo ? ' (demonstration)' : ''
  const verdict = evidence.payload.judgement.verdict.replace('_', ' ')
  if (waits) return `${name}: ${verdict}, a decision is wanted${demo}`
  const isLive = rollout.stage === 'bake' || rollout.end === 'promoted'
  if (isLive) return `${name} is live${demo}`
  if (rollout.end !== undefined) return `${name}: ${rollout.end.replace('-', ' ')}${demo}`
  return `${name}: ${decision === undefined ? verdict : done[decision.decision].toLowerCase()}${demo}`
}

/**
 * A rollout's card as it is now.
 * @param pageAt the address of one of our pages.
 */
export function cardOf(facts: CardFacts, pageAt: (path: string) => string): Card {
  const { rollout, evidence, decision } = facts
  const { version, stage, end } = rollout
  const waits = stage === 'approval' && end === undefined && !isDecided(decision)
  const pageOf = (prediction: string) =>
    pageAt(`/conversations/${parsePredictionId(prediction)?.messageId ?? prediction}`)
  return {
    heading: headingOf(facts, waits),
    points: cardPoints(evidence.payload, pageOf),
    footer: footerOf(facts, waits),
    version,
    ...(waits && { ask: askOf(facts) }),
    rollback: stage === 'bake' || end === 'promoted',
  }
}

/** What the card says where blocks are not shown. */
export function cardText({ rollout, evidence }: CardFacts, pageAt: (path: string) => string): string {
  const { verdict, why } = evidence.payload.judgement
  const page = pageAt(`/rollouts/${rollout.bot}/${rollout.version}`)
  return `Version ${rollout.version} of ${rollout.bot}: ${verdict.replace('_', ' ')}. ${why} ${page}`
}
