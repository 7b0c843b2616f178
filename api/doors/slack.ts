import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Form } from '../../domain/form.ts'
import { sendNotFound } from '../problems.ts'
import { type Answers, type Door, type DoorDeps, keepRawBodies, rawBodyOf, receive } from './door.ts'

/** What Slack sends to one bot: each kind of request has an address of its own. */
export interface SlackDoors {
  readonly events: Door
  readonly commands: Door
  readonly interactivity: Door
  /** Opens a form while the request waits: its trigger lives for 3 s. @returns whether it is open. */
  readonly openForm: (triggerId: string, form: Form) => Promise<boolean>
}

const couldNotAccept = 'Sorry, I could not accept this just now. Please try again in a minute.'
const couldNotOpen =
  'Sorry, I could not open the form in time. Please try again, or use /fix with the link of my answer.'

const toPersonAlone = (text: string) => ({ response_type: 'ephemeral', text })

/** A form stays open and shows what is wrong; any other interaction has no text of its own in the acknowledgement. */
const isSubmission = (request: FastifyRequest) =>
  Buffer.from(rawBodyOf(request)).includes('%22view_submission%22') ||
  Buffer.from(rawBodyOf(request)).includes('"view_submission"')

function commandAnswers(doors: SlackDoors): Answers {
  return {
    told: toPersonAlone,
    lost: () => toPersonAlone(couldNotAccept),
    form: async ({ triggerId, form }) => ((await doors.openForm(triggerId, form)) ? '' : toPersonAlone(couldNotOpen)),
  }
}

function interactionAnswers(doors: SlackDoors, request: FastifyRequest): Answers {
  const say = (text: string): unknown => {
    if (text === '') return ''
    return isSubmission(request) ? { response_action: 'errors', errors: { input: text } } : toPersonAlone(text)
  }
  return { ...commandAnswers(doors), told: say, lost: () => say(couldNotAccept) }
}

/** Slack checks certificates of distributed apps with an unsigned form; it is told nothing and nothing else of it is read. */
function isCertificateCheck(request: FastifyRequest): boolean {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) return false
  return new URLSearchParams(Buffer.from(rawBodyOf(request)).toString('utf8')).get('ssl_check') === '1'
}

/** `POST /slack/:bot/{events,commands,interactivity}`. `doorsOf` is `undefined` for a bot that is not on Slack. */
export function slackDoor(deps: DoorDeps & { readonly doorsOf: (bot: string) => SlackDoors | undefined }) {
  return (scope: FastifyInstance, _options: unknown, done: () => void): void => {
    keepRawBodies(scope)
    const serve = (kind: 'events' | 'commands' | 'interactivity') => {
      const handle = async (request: FastifyRequest<{ Params: { bot: string } }>, reply: FastifyReply) => {
        const { bot } = request.params
        const doors = deps.doorsOf(bot)
        if (doors === undefined) return sendNotFound(reply)
        if (isCertificateCheck(request)) return reply.send('')
        const exchange = { request, reply, bot, channel: 'slack' } as const
        if (kind === 'events') return receive(deps, doors.events, exchange)
        const answers = kind === 'commands' ? commandAnswers(doors) : interactionAnswers(doors, request)
        return receive(deps, doors[kind], exchange, answers)
      }
      scope.post<{ Params: { bot: string } }>(`/slack/:bot/${kind}`, handle)
    }
    serve('events')
    serve('commands')
    serve('interactivity')
    done()
  }
}
