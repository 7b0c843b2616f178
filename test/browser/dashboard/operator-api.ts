import type { TestContext } from 'node:test'
import { fastify } from 'fastify'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { webPages } from '../../../api/web-pages.ts'
import { pngPicture } from '../support/pictures.ts'
import type { z } from 'zod'
import type {
  bots as botsShape,
  BotState,
  botLabels,
  labelRequest,
  paused,
  resumed,
} from '../../../api/contract/bots.ts'
import type { voteTaken } from '../../../api/contract/corrections.ts'
import type { Message, messagePage, messagesFound, MessageSummary, retried } from '../../../api/contract/messages.ts'
import type { Session } from '../../../api/contract/people.ts'
import type { Role } from '../../../domain/people.ts'
import { asked, bots, failed, inputsOf, repliesOf, summaries } from './records.ts'
import type { CastVote } from './records.ts'

/** The policy that the pages are built for. Styles need it: the library's menus and Plot's figures bring `<style>` elements. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "img-src 'self'",
  "object-src 'none'",
  "script-src 'self'",
  "script-src-attr 'none'",
  "style-src 'self' 'unsafe-inline'",
].join('; ')

/** What a test can look at and change while the pages look at it too. */
export interface OperatorState {
  signedIn: boolean
  role: Role
  bots: readonly BotState[]
  messages: MessageSummary[]
  votes: CastVote[]
  retried: string[]
  resumed: unknown[]
}

export interface Live {
  readonly tell: (event: string, data: object) => void
  readonly add: (reply: FastifyReply) => void
}

function liveEvents(): Live {
  const listening = new Set<FastifyReply>()
  return {
    add: (reply) => {
      reply.hijack()
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n')
      listening.add(reply)
      reply.raw.on('close', () => listening.delete(reply))
    },
    tell: (event, data) => {
      for (const { raw } of listening) raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    },
  }
}

export const problem = (reply: FastifyReply, status: number, title: string, detail: string) =>
  reply.code(status).type('application/problem+json').send({ type: 'about:blank', status, title, detail })

function readRoutes(app: FastifyInstance, state: OperatorState, live: Live) {
  app.get('/api/session', (): Session => ({ person: { id: 'me', name: 'Local admin' }, roles: { '*': state.role } }))
  app.get('/api/live', (_request, reply) => live.add(reply))
  app.get('/api/bots', (): z.output<typeof botsShape> => ({ bots: [...state.bots] }))
  app.get('/api/pictures/:sha', (_request, reply) => reply.type('image/png').send(pngPicture))
  app.get<{ Querystring: Record<string, string> }>('/api/messages', ({ query }): z.output<typeof messagePage> => {
    const wanted = state.messages.filter(
      (message) =>
        (['bot', 'channel', 'outcome', 'correction'] as const).every(
          (key) => !query[key] || message[key] === query[key],
        ) && message.text.includes(query['q'] ?? ''),
    )
    const from = Number(query['before'] ?? 0)
    const to = from + Number(query['limit'])
    return { messages: wanted.slice(from, to), next: to < wanted.length ? String(to) : null }
  })
  app.get<{ Params: { id: string } }>('/api/messages/:id', ({ params }, reply) => {
    const summary = state.messages.find(({ id }) => id === params.id)
    if (!summary) return problem(reply, 404, 'There is no such message', 'Copy the whole id.')
    const known = summary.id === asked
    const message: Message = {
      ...summary,
      address: {
        kind: 'slack-thread',
        link: known ? 'https://sim.slack.example/archives/C1/p1' : 'javascript:alert(1)',
      },
      inputs: known ? inputsOf(state.votes) : [],
      replies: known ? repliesOf() : [],
    }
    return message
  })
  app.get<{ Querystring: { q: string } }>('/api/find', ({ query }): z.output<typeof messagesFound> => ({
    messages: state.messages.filter(({ id, workflowId }) => [id, workflowId].includes(query.q)),
  }))
}

function changeRoutes(app: FastifyInstance, state: OperatorState, live: Live) {
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET' && request.headers['x-understudy'] !== '1')
      await problem(reply, 403, 'The header x-understudy is missing', 'It is sent by the pages.')
  })
  const botOf = (name: string) => state.bots.find((bot) => bot.name === name)
  const change = (name: string, changed: Partial<BotState>) => {
    state.bots = state.bots.map((bot) => (bot.name === name ? { ...bot, ...changed } : bot))
  }
  app.post<{ Params: { bot: string } }>('/api/bots/:bot/pause', ({ params }): z.output<typeof paused> => {
    change(params.bot, { paused: { since: new Date().toISOString(), by: 'Local admin' } })
    return { bot: params.bot, paused: true }
  })
  app.post<{ Params: { bot: string } }>('/api/bots/:bot/resume', ({ params, body }): z.output<typeof resumed> => {
    state.resumed.push(body)
    change(params.bot, { paused: null })
    return { bot: params.bot, paused: false, waited: 0 }
  })
  app.post<{ Params: { bot: string }; Body: z.output<typeof labelRequest> }>(
    '/api/bots/:bot/labels',
    ({ params, body }, reply) => {
      const known = botOf(params.bot)?.labels ?? []
      if (known.some(({ id }) => id === body.id))
        return problem(reply, 409, 'The label cannot be added', 'There is that label already.')
      const labels = [...known, body]
      change(params.bot, { labels })
      return reply.code(201).send({ bot: params.bot, labels } satisfies z.output<typeof botLabels>)
    },
  )
  app.post<{ Body: CastVote }>('/api/corrections', ({ body }, reply) => {
    state.votes.push(body)
    live.tell('correction', { id: asked })
    return reply.code(202).send({ vote: 'v1' } satisfies z.output<typeof voteTaken>)
  })
  app.post<{ Params: { id: string } }>('/api/messages/:id/retry', ({ params }): z.output<typeof retried> => {
    state.retried.push(params.id)
    return { id: params.id, workflowId: failed, workflowUrl: `http://127.0.0.1:8233/${failed}` }
  })
  app.delete('/api/session', (_request, reply) => {
    state.signedIn = false
    return reply.code(204).send()
  })
}

/**
 * The built pages with a scripted operator API, on a free port, until the test ends. It refuses what the real one refuses:
 * whoever is not signed in, and a change without the header that only our pages can set. `more` adds routes to it.
 */
export async function servePages(
  context: TestContext,
  folder: string,
  more: (app: FastifyInstance, live: Live) => void = () => undefined,
) {
  const state: OperatorState = {
    signedIn: true,
    role: 'admin',
    bots: bots(),
    messages: summaries(),
    votes: [{ label: 'not-engineer' }],
    retried: [],
    resumed: [],
  }
  const live = liveEvents()
  const app = fastify({ forceCloseConnections: true })
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('content-security-policy', contentSecurityPolicy)
    if (request.url.startsWith('/api/') && !state.signedIn)
      await problem(reply, 401, 'You are not signed in', 'Sign in.')
  })
  readRoutes(app, state, live)
  changeRoutes(app, state, live)
  more(app, live)
  await app.register(webPages(folder))
  context.after(() => app.close())
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), state, tell: live.tell }
}
