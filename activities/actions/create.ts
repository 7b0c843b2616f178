import type { ReplyAddress } from '../../domain/address.ts'
import type { Bot } from '../../domain/bot.ts'
import { ServiceUnavailable } from '../../domain/errors.ts'
import type { InboundAction, InboundOrder } from '../../domain/inbound.ts'
import { receiptText } from '../../domain/words/correction-words.ts'
import { addLabel } from '../../operations/add-label.ts'
import { decide } from '../../operations/decide.ts'
import { labelBlindly } from '../../operations/label-blindly.ts'
import { type Asked, isNotDone, type NotDone, type OperationContext } from '../../operations/operation.ts'
import { retrain, type RetrainAsked } from '../../operations/retrain.ts'
import { rollBack } from '../../operations/roll-back.ts'
import { decisionById, type DecisionAnswer } from '../../store/approvals/decisions.ts'
import type { TakenBack } from '../../store/approvals/take-back.ts'
import { type ListedVersion, listedVersions } from '../../store/approvals/version-list.ts'
import type { BlindOutcome } from '../../store/blind/labels.ts'
import type { Db } from '../../store/db.ts'
import { actionOfEvent } from '../../store/messages/inbound-events.ts'
import { personOf, workspaceOf } from '../../store/messages/messages.ts'
import { actorOf } from '../../store/people/people.ts'
import type { ActionActivities, ActionRef } from '../contract.ts'
import { closeBlindPosts } from '../people/ask-blind.ts'
import type { PeopleDeps } from '../people/place.ts'
import { redrawCard } from '../people/show-card.ts'
import { tellRefusal } from '../people/tell-refused.ts'
import { postOnce } from '../post-once.ts'

export interface ActionDeps extends PeopleDeps {
  readonly operations: OperationContext
}

/** What came of an action: one word for the Temporal UI, what the person is told, and what else is to be shown. */
interface Done {
  readonly word: string
  readonly text?: string
  readonly show?: () => Promise<void>
}

/** What the person is told when nothing was done; `only`: who may do it, in other words. @throws ServiceUnavailable when it is to be tried again. */
function notDone(bot: string, done: NotDone, only?: string): Done {
  if (done.kind === 'not-allowed') {
    const who = only ?? `Only ${done.role}s of ${bot} do that`
    return { word: done.kind, text: `${who}; ask one of them, or an admin for the role.` }
  }
  // The key of an action is made of the action itself, so it is never that of another request.
  throw new ServiceUnavailable('Temporal', 'what was asked was not started')
}

const mostVersions = 15

function lineOf({ version, slot, stage, baseline, since, verdict, end }: ListedVersion): string {
  const place = stage ?? end ?? 'not serving'
  const day = since.toISOString().slice(0, 10)
  return `• v${version} (${slot}): ${place}${baseline ? ', baseline' : ''} since ${day}${verdict === null ? '' : `, evidence ${verdict.replace('_', ' ')}`}`
}

async function versionsText(db: Db, bot: string): Promise<string> {
  const versions = await listedVersions(db, bot, mostVersions)
  return versions.length === 0
    ? `${bot} has no version yet.`
    : [`Versions of ${bot}:`, ...versions.map(lineOf)].join('\n')
}

function retrainText(bot: string, { running, wait }: RetrainAsked): string {
  if (running !== undefined)
    return `${bot} is learning already (retrain ${running}); after that it looks whether there is more.`
  return wait === undefined
    ? `${bot} learns now; what comes of it is on the page and in the people's channel.`
    : `${bot} does not learn now: ${wait}.`
}

const rollBackText = (bot: string, taken: TakenBack): string =>
  taken.kind === 'refused'
    ? taken.text
    : `Version ${taken.version} of ${bot} is taken back. Version ${taken.to} is answering.`

/** A reviewer who labels blindly hears only that the label counts, not what the versions said. */
function labelledText(bot: Bot, outcome: BlindOutcome, label: string | undefined): string {
  if (outcome.kind !== 'noted') {
    const standing = { state: 'rejected', label, votes: 0, needed: 0 } as const
    return receiptText(bot, { verdict: 'too-late', standing, label })
  }
  const { question, votes, needed } = outcome
  const standing = { state: question.closed ? 'quarantined' : 'open', label, votes, needed } as const
  return receiptText(bot, { verdict: 'counted', standing, label })
}

async function carryOutOrder(deps: ActionDeps, asked: Asked, order: InboundOrder): Promise<Done> {
  const { db, operations, botOf } = deps
  const { bot } = order
  switch (order.order) {
    case 'versions':
      return { word: 'versions', text: await versionsText(db, bot) }
    case 'train': {
      const done = await retrain(operations, { ...asked, bot: botOf(bot), demo: false })
      return isNotDone(done) ? notDone(bot, done) : { word: done.kind, text: retrainText(bot, done) }
    }
    case 'rollback': {
      const { version, reason = '' } = order
      const done = await rollBack(operations, { ...asked, bot, version, reason })
      if (isNotDone(done)) return notDone(bot, done)
      const text = rollBackText(bot, done)
      if (done.kind !== 'taken-back') return { word: done.kind, text }
      return { word: done.kind, text, show: () => redrawCard(deps, { bot, version: done.version }) }
    }
  }
}

/** The person hears of a refusal only, and sees the card as it is now; what was applied the card shows. */
async function decided(deps: ActionDeps, answer: DecisionAnswer): Promise<Done> {
  if (answer.kind === 'requested') throw new ServiceUnavailable('the rollout', 'the decision waits for it')
  if (answer.kind === 'applied') return { word: answer.kind }
  const decision = await decisionById(deps.db, answer.decisionId)
  if (decision === undefined) return { word: answer.kind }
  const { bot, version } = decision
  const show = async () => {
    await tellRefusal(deps, decision)
    await redrawCard(deps, { bot, version })
  }
  return { word: answer.kind, show }
}

/** Does what was asked; with the same key it does nothing more, and comes to the same. */
async function carryOut(deps: ActionDeps, asked: Asked, action: InboundAction): Promise<Done> {
  const { operations, botOf } = deps
  switch (action.kind) {
    case 'order':
      return carryOutOrder(deps, asked, action.order)
    case 'decision': {
      const { bot, version, evidenceId, decision, reason, address } = action.decision
      const done = await decide(operations, { ...asked, bot, version, evidenceId, decision, reason, address })
      return isNotDone(done) ? notDone(bot, done) : decided(deps, done)
    }
    case 'blind-label': {
      const { bot: name, questionId, label } = action.label
      const bot = botOf(name)
      const done = await labelBlindly(operations, { ...asked, bot, questionId, label })
      if (isNotDone(done)) return notDone(name, done, `Only reviewers of ${name} label its questions`)
      return { word: done.kind, text: labelledText(bot, done, label), show: () => closeBlindPosts(deps, name) }
    }
    case 'label-addition': {
      const { bot: name, label } = action.addition
      const done = await addLabel(operations, { ...asked, bot: botOf(name), label })
      if (done.kind === 'refused') return { word: done.kind, text: done.refusal.text }
      if (isNotDone(done)) return notDone(name, done, 'Labels are added by reviewers')
      const text = `Added: ${label.id} (${label.words}). People can choose it from now on; I name it myself once I have learned it.`
      return { word: done.kind, text }
    }
  }
}

interface Said {
  readonly address: ReplyAddress
  readonly channel: 'slack' | 'x' | 'http'
  readonly authorId: string
}

function saidIn(action: InboundAction): Said {
  switch (action.kind) {
    case 'order':
      return action.order
    case 'decision':
      return action.decision
    case 'blind-label':
      return action.label
    case 'label-addition':
      return action.addition
  }
}

/** What people ask of a bot itself: done once, and told once. */
export function createActionActivities(deps: ActionDeps): ActionActivities {
  const { db } = deps
  const doOnce = async ({ event, action: key }: ActionRef) => {
    const action = await actionOfEvent(db, event)
    const said = saidIn(action)
    const { channel, address, authorId } = said
    const personId = await personOf(db, { channel, workspace: workspaceOf(address), platformUserId: authorId })
    return { said, done: await carryOut(deps, { actor: await actorOf(db, personId), key }, action) }
  }
  return {
    performAction: async (action) => (await doOnce(action)).done.word,
    answerAction: async (action) => {
      const { said, done } = await doOnce(action)
      const { address } = said
      // Elsewhere than in Slack the page says it.
      if (done.text !== undefined && address.kind.startsWith('slack-')) {
        const channel = deps.channelOf(action.bot, 'slack')
        const post = { key: `said:${action.action}`, messageId: undefined, kind: 'receipt', text: done.text } as const
        await postOnce(deps, { ...post, address, channel })
      }
      await done.show?.()
    },
  }
}
