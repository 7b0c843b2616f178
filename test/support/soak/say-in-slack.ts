import { z } from 'zod'
import { peopleOf } from '../messages/people.ts'
import { call, eventually, type Picture, tell } from '../platforms/platform.ts'
import type { Stack } from '../stack.ts'
import { type Asked, type AskedInSlack, slackWorkflow, soakBot as bot } from './asked.ts'
import type { PlannedEvent } from './plan.ts'
import { type BotPost, markIn, markOfAnswer, postsInSlack } from './visible.ts'

const picturePath = '/soak.png'
const answerWithinMs = 180_000

const written = z.looseObject({ ts: z.string() })
const commanded = z.looseObject({ triggerId: z.string(), status: z.number() })
const opened = z.object({ channel: z.string() })

type Say = (event: PlannedEvent) => Promise<Asked>

/** What people do in Slack. @param answered what was asked by the event with this number. */
export async function sayInSlack(
  stack: Stack,
  options: { readonly picture: Picture; readonly answered: (number: number) => Promise<Asked> },
): Promise<Readonly<Record<'mention' | 'direct' | 'thread' | 'command' | 'correction', Say>>> {
  const { picture, answered } = options
  const app = stack.secrets.bots[bot]?.slack
  if (app === undefined) throw new Error('the bot is on Slack')
  const simulator = stack.urls.slack
  const control = `${simulator}/_sim`
  const people = peopleOf(simulator, { name: bot, userId: app.botUserId })
  const mention = `<@${app.botUserId}>`
  await tell(`${control}/pictures`, { path: picturePath, base64: picture.base64 })

  const write = async ({ person: user, channel, deliveries }: PlannedEvent, body: object): Promise<string> =>
    (await call(written, `${control}/messages`, { bot, channel, user, deliveries, ...body })).ts
  const asked = (channel: string, ts: string, how: { readonly threadTs?: string; readonly sees: boolean }) =>
    ({
      via: 'slack',
      workflowId: slackWorkflow(app.team, channel, ts),
      channel,
      ts,
      threadTs: how.threadTs ?? ts,
      outcome: how.sees ? 'answered' : 'refused',
    }) as const

  async function answerTo(host: AskedInSlack): Promise<BotPost> {
    const mark = markOfAnswer(host.workflowId)
    const look = async () => (await postsInSlack(simulator, host.channel)).find((post) => markIn(post) === mark)
    return eventually(look, { timeoutMs: answerWithinMs, what: 'an answer to correct' })
  }

  return {
    mention: async (event) => {
      const sees = event.kind === 'mention with a picture'
      const ts = await write(event, { text: `${mention} is this one? ${event.number}`, files: sees ? [picture] : [] })
      return asked(event.channel, ts, { sees })
    },
    direct: async (event) => {
      const { channel } = await call(opened, `${control}/dm`, { bot, user: event.person })
      return asked(channel, await write(event, { channel, text: `hello ${event.number}` }), { sees: false })
    },
    // Somebody shows a picture to others, and the bot is asked below.
    thread: async (event) => {
      const threadTs = await write(event, { text: `my hat ${event.number}`, files: [picture] })
      const ts = await write(event, { text: `${mention} and you? ${event.number}`, threadTs })
      return asked(event.channel, ts, { threadTs, sees: true })
    },
    command: async ({ channel, person: user }) => {
      await tell(`${control}/channels`, { channel, members: [bot] })
      const body = { bot, channel, user, command: '/predict', text: `https://pictures.example${picturePath}` }
      const { triggerId, status } = await call(commanded, `${control}/commands`, body)
      if (status !== 200) throw new Error(`the door answered a command with ${status}`)
      const workflowId = slackWorkflow(app.team, triggerId)
      return { via: 'slack', workflowId, channel, ts: undefined, threadTs: undefined, outcome: 'answered' }
    },
    correction: async (event) => {
      const host = await answered(event.corrects)
      if (host.via !== 'slack') throw new Error('only answers in Slack have a menu')
      const answer = await answerTo(host)
      await people.chooses(event.person, 'no-fedora', answer)
      return { via: 'ephemeral', channel: host.channel, threadTs: host.threadTs, person: event.person }
    },
  }
}
