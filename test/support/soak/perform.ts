import { z } from 'zod'
import { hatPicture } from '../../whole-way/pictures.ts'
import { call, tell } from '../platforms/platform.ts'
import type { Stack } from '../stack.ts'
import { type Asked, soakHandle, xWorkflow } from './asked.ts'
import type { PlannedEvent } from './plan.ts'
import { sayInSlack } from './say-in-slack.ts'

/** People who do what is planned, on both platforms. */
export interface Performer {
  /** @returns where the answer has to be. */
  readonly perform: (event: PlannedEvent) => Promise<Asked>
  /** The platform says it once more, under a new event id; a command and a click it never says twice. */
  readonly again: (asked: Asked) => Promise<void>
}

const created = z.looseObject({ id: z.string() })

/** @param answered what was asked by the event with this number; it is performed if it is not yet. */
export async function createPerformer(stack: Stack, answered: (number: number) => Promise<Asked>): Promise<Performer> {
  const picture = await hatPicture('conversation soak')
  const inSlack = await sayInSlack(stack, { picture, answered })
  const x = `${stack.urls.x}/_sim`

  async function post({ kind, person: author, deliveries, number }: PlannedEvent): Promise<Asked> {
    const sees = kind === 'mention on X with a picture'
    const media = sees ? [{ name: picture.name, base64: picture.base64 }] : []
    const text = `@${soakHandle} is this one? ${number}`
    const { id } = await call(created, `${x}/posts`, { author, text, media, deliveries })
    return { via: 'x-post', workflowId: xWorkflow(id), id, outcome: sees ? 'answered' : 'refused' }
  }

  async function message({ person, deliveries, number }: PlannedEvent): Promise<Asked> {
    const body = { from: person, to: soakHandle, text: `hello ${number}`, deliveries }
    const { id } = await call(created, `${x}/messages`, body)
    return { via: 'x-direct', workflowId: xWorkflow(id), id, person, outcome: 'refused' }
  }

  const say: Readonly<Record<PlannedEvent['kind'], (event: PlannedEvent) => Promise<Asked>>> = {
    mention: inSlack.mention,
    'mention with a picture': inSlack.mention,
    'direct message': inSlack.direct,
    'command with a link': inSlack.command,
    'reply in a thread': inSlack.thread,
    'correction by menu': inSlack.correction,
    'mention on X': post,
    'mention on X with a picture': post,
    'message on X': message,
  }
  return {
    perform: (event) => say[event.kind](event),
    again: async (asked) => {
      if (asked.via === 'slack' && asked.ts !== undefined)
        await tell(`${stack.urls.slack}/_sim/redeliver`, { channel: asked.channel, ts: asked.ts, newEventId: true })
      if (asked.via === 'x-post' || asked.via === 'x-direct')
        await tell(`${x}/redeliver`, { id: asked.id, newEventId: true })
    },
  }
}
