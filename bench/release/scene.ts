import type { Client } from '@temporalio/client'
import type { CorrectionState } from '../../domain/correction.ts'
import { answerWorkflowId, correctionWorkflowId, slackBusinessKey } from '../../domain/keys.ts'
import { predictionId } from '../../domain/prediction.ts'
import { type People, peopleOf, type SeenPost } from '../../test/support/messages/people.ts'
import { eventually, type Picture } from '../../test/support/platforms/platform.ts'
import { connectClient } from '../../test/support/namespaces.ts'
import type { Stack } from '../../test/support/stack.ts'
import { operatorOf } from '../../test/whole-way/operator.ts'
import type { Keep } from './keep-history.ts'
import { type BotName, patienceMs, startSmallStack } from './small-stack.ts'

interface Question {
  readonly user: string
  readonly text: string
  readonly channel?: string
  readonly threadTs?: string
  readonly pictures?: readonly Picture[]
}

/** What somebody asked in Slack. */
export interface Asked {
  readonly workflowId: string
  readonly channel: string
  readonly ts: string
}

/** A visible answer, and what it can be corrected by. */
export interface Answered extends Asked {
  readonly post: SeenPost
  readonly messageId: string
  /** The id of the first prediction. */
  readonly prediction: string
}

/** A whole product with small bots, and what people do on it. */
export interface Scene {
  readonly stack: Stack
  readonly client: Client
  readonly operator: ReturnType<typeof operatorOf>
  readonly people: (bot: BotName) => People
  readonly keep: (story: string, workflowId: string, runId?: string) => Promise<void>
  readonly say: (line: string) => void
  /** Somebody mentions a bot. */
  readonly asks: (bot: BotName, question: Question) => Promise<Asked>
  /** Somebody mentions a bot, and it answers. */
  readonly answers: (bot: BotName, question: Question) => Promise<Answered>
  /** Waits until a message has its outcome, and its workflow has ended. @returns our id of it. */
  readonly ends: (workflowId: string) => Promise<string>
  readonly correctionOf: (bot: BotName, prediction: string) => string
  /** Waits until a correction is so. */
  readonly settles: (answered: Pick<Answered, 'messageId'>, state: CorrectionState) => Promise<void>
  readonly close: () => Promise<void>
}

/** What is waited for in the records. */
function waitsOn({ stack: { db }, client }: Pick<Scene, 'stack' | 'client'>): Pick<Scene, 'ends' | 'settles'> {
  return {
    ends: async (workflowId) => {
      const finished = db.selectFrom('messages').select('id').where('outcome', 'is not', null)
      const { id } = await eventually(() => finished.where('workflow_id', '=', workflowId).executeTakeFirst(), {
        timeoutMs: patienceMs,
        what: `the outcome of ${workflowId}`,
      })
      await client.workflow.getHandle(workflowId).result()
      return id
    },
    settles: async ({ messageId }, state) => {
      const corrections = db.selectFrom('corrections').select('state').where('message_id', '=', messageId)
      await eventually(() => corrections.where('state', '=', state).executeTakeFirst(), {
        timeoutMs: patienceMs,
        what: `a correction that is ${state}`,
      })
    },
  }
}

/** People who ask in Slack. */
function asksOn({ stack, people, ends }: Pick<Scene, 'stack' | 'people' | 'ends'>): Pick<Scene, 'asks' | 'answers'> {
  const asks: Scene['asks'] = async (bot, { user, text, channel = 'C0GENERAL', ...more }) => {
    const ts = await people(bot).says(user, `@bot ${text}`, { channel, ...more })
    const key = slackBusinessKey(bot, stack.secrets.bots[bot]?.slack.team ?? '', channel, ts)
    return { channel, ts, workflowId: answerWorkflowId(bot, 'slack', key) }
  }
  return {
    asks,
    answers: async (bot, question) => {
      const asked = await asks(bot, question)
      const root = question.threadTs ?? asked.ts
      const isAnswer = (seen: SeenPost) => seen.bot === bot && !seen.ephemeral && seen.threadTs === root
      const options = { since: asked.ts, timeoutMs: patienceMs, what: `an answer to ${question.text}` }
      const post = await people(bot).waits(asked.channel, isAnswer, options)
      const messageId = await ends(asked.workflowId)
      return { ...asked, post, messageId, prediction: predictionId({ messageId, position: 0 }) }
    },
  }
}

/** Starts everything. @param keep writes histories down. */
export async function openScene(keep: Keep, say: Scene['say']): Promise<Scene> {
  const stack = await startSmallStack(say)
  const client = await connectClient(stack.temporal)
  const people: Scene['people'] = (bot) =>
    peopleOf(stack.urls.slack, { name: bot, userId: stack.secrets.bots[bot]?.slack.botUserId ?? '' })
  const waits = waitsOn({ stack, client })
  return {
    ...{ stack, client, people, say, ...waits, ...asksOn({ stack, people, ends: waits.ends }) },
    operator: operatorOf(stack),
    keep: (story, workflowId, runId) =>
      keep(story, { ...stack.temporal, workflowId, ...(runId !== undefined && { runId }) }),
    correctionOf: correctionWorkflowId,
    close: async () => {
      await client.connection.close()
      await stack.close()
    },
  }
}
