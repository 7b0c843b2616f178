import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { problem } from '../contract/values.ts'

const says = (description: string) => ({ description })
const parameter = (name: string, where: 'path' | 'query' = 'path') => ({
  ...{ name, in: where, required: true },
  schema: { type: 'string' as const },
})
const bot = parameter('bot')
const unsigned = { ...says('The signature is missing, wrong or too old.') }
const signed = (summary: string, sender: string) => ({
  summary,
  tags: ['doors'],
  parameters: [bot],
  security: [],
  requestBody: { required: true, content: { '*/*': { schema: { type: 'string' as const } } } },
  responses: {
    200: says('It is committed.'),
    400: says('It cannot be read.'),
    401: unsigned,
    404: says(`The bot is not on ${sender}.`),
    503: says('It could not be committed: deliver it again.'),
  },
})
const open = (summary: string, responses: Readonly<Record<number, string>>) => ({
  summary,
  tags: ['health'],
  security: [],
  responses: Object.fromEntries(Object.entries(responses).map(([status, words]) => [status, says(words)])),
})

/** The routes that check something else than a session, or nothing. */
const otherPaths = {
  '/slack/{bot}/events': { post: signed('Signed events of Slack', 'Slack') },
  '/slack/{bot}/commands': { post: signed('Signed slash commands of Slack', 'Slack') },
  '/slack/{bot}/interactivity': { post: signed('Signed clicks and forms of Slack', 'Slack') },
  '/x/{bot}/webhook': {
    post: signed('Signed events of X', 'X'),
    get: {
      ...open('The challenge by which X checks the webhook', { 200: 'The answer.', 400: 'There is no token.' }),
      ...{ tags: ['doors'], parameters: [bot, parameter('crc_token', 'query')] },
    },
  },
  '/health/live': { get: open('The process runs', { 200: 'It does.' }) },
  '/health/ready': { get: open('It can do its work', { 200: 'It can.', 503: 'It cannot store what arrives.' }) },
  '/metrics': { get: open('Figures for Prometheus', { 200: 'In the text format.' }) },
}

/** Every route of ours may say no with a problem. */
const transform: typeof jsonSchemaTransform = (route) => {
  const { response, ...schema } = route.schema as { readonly response?: object }
  return jsonSchemaTransform({ ...route, schema: { ...schema, response: { ...response, '4xx': problem } } })
}

/** How the operator API describes itself: OpenAPI 3.1, of the schemas that the routes check. */
export const openApi: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Understudy',
      version: '1',
      description:
        'The operator API. Errors are problem JSON (RFC 9457). A change that carries an `Idempotency-Key` (1 to 200 characters) is done once: ' +
        'the same key again gets the first result, and with another request 409.',
    },
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'understudy_session' },
      },
    },
    security: [{ token: [] }, { session: [] }],
    paths: otherPaths,
  },
  transform,
}
