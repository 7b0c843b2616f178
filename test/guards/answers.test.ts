import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import * as cli from '../../cli/answers.ts'
import * as web from '../../web/operator/answers.ts'
import { useDatabase } from '../support/database.ts'
import { useOperatorApp } from '../support/operator-app.ts'

/*
 * The command and the pages each write down what they read of the operator API, because neither knows our code. The API's own
 * description is the one home of these shapes: whatever a reader takes for granted has to be promised there.
 */

const { inject } = useOperatorApp(useDatabase())

type Schema = Readonly<Record<string, unknown>>
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]
const within = (schema: Schema, key: string): Schema => (isSchema(schema[key]) ? schema[key] : {})

/** Every form that a value may have: `anyOf` and lists of types taken apart, references followed. */
function formsOf(schema: Schema, root: Schema): readonly Schema[] {
  const { $ref: reference } = schema
  if (typeof reference === 'string') {
    const target = reference
      .slice(2)
      .split('/')
      .reduce<Schema>((at, key) => within(at, key), root)
    return formsOf(target, root)
  }
  const choices = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].filter(isSchema)
  if (choices.length > 0) return choices.flatMap((choice) => formsOf(choice, root))
  return Array.isArray(schema['type']) ? schema['type'].map((type: unknown) => ({ ...schema, type })) : [schema]
}

const typeOf = ({ type, const: only, enum: all }: Schema): unknown =>
  type ?? (all !== undefined ? typeof listOf(all)[0] : only !== undefined ? typeof only : undefined)
const valuesOf = ({ const: only, enum: all }: Schema): readonly unknown[] | undefined =>
  all !== undefined ? listOf(all) : only !== undefined ? [only] : undefined

interface Pair {
  readonly read: Schema
  readonly told: Schema
  readonly place: string
}

function faultsOfObject({ read, told, place }: Pair, root: Schema): readonly string[] {
  const given = within(told, 'properties')
  const always = listOf(told['required'])
  const named = Object.entries(within(read, 'properties')).flatMap(([key, value]) => {
    const at = `${place}.${key}`
    if (!isSchema(given[key])) return listOf(read['required']).includes(key) ? [`${at} is not told`] : []
    const late = listOf(read['required']).includes(key) && !always.includes(key) ? [`${at} may be missing`] : []
    return [...late, ...faultsOf({ read: value as Schema, told: given[key], place: at }, root)]
  })
  const [each, other] = [read['additionalProperties'], told['additionalProperties']]
  const rest = isSchema(each) && isSchema(other) ? faultsOf({ read: each, told: other, place: `${place}.*` }, root) : []
  return [...named, ...rest]
}

/** Whether a reader that expects `read` can read this form; `undefined` when it is of another type. */
function faultsOfForm({ read, told, place }: Pair, root: Schema): readonly string[] | undefined {
  const [expected, type] = [typeOf(read), typeOf(told)]
  if (expected === undefined) return []
  if (expected !== type && !(expected === 'number' && type === 'integer')) return undefined
  const [known, possible] = [valuesOf(read), valuesOf(told)]
  if (known !== undefined && !(possible ?? [undefined]).every((value) => known.includes(value)))
    return [`${place} may be ${possible?.join(', ') ?? 'anything'}, and ${known.join(', ')} can be read`]
  if (type === 'object') return faultsOfObject({ read, told, place }, root)
  if (type !== 'array' || read['items'] === undefined) return []
  return faultsOf({ read: within(read, 'items'), told: within(told, 'items'), place: `${place}[]` }, root)
}

/** What the reader takes for granted and the description does not promise. */
function faultsOf({ read, told, place }: Pair, root: Schema): readonly string[] {
  const readable = formsOf(read, read)
  return formsOf(told, root).flatMap((form) => {
    const tries = readable.map((each) => faultsOfForm({ read: each, told: form, place }, root))
    const fits = tries.filter((found) => found !== undefined)
    return fits.find((found) => found.length === 0) ?? fits[0] ?? [`${place} may be ${JSON.stringify(typeOf(form))}`]
  })
}

const paths = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
const responses = z.looseObject({ responses: z.record(z.string(), z.unknown()) })
const content = z.looseObject({
  content: z.looseObject({ 'application/json': z.looseObject({ schema: z.record(z.string(), z.unknown()) }) }),
})

const readDescription = async () => paths.parse((await inject({ url: '/docs/json' })).json())

/** @param route such as `GET /api/bots`. @returns the description of what a successful call answers. */
function answerOf(description: z.infer<typeof paths>, route: string): Schema {
  const [method = '', path = ''] = route.split(' ')
  const operation = responses.parse(description.paths[path]?.[method.toLowerCase()])
  const [, success] = Object.entries(operation.responses).find(([status]) => status.startsWith('2')) ?? []
  return content.parse(success).content['application/json'].schema
}

const read = (shape: z.ZodType): Schema => z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' })

/** Who reads what. */
const readers: readonly (readonly [who: string, route: string, shape: z.ZodType])[] = [
  ['cli', 'GET /api/bots', cli.bots],
  ['cli', 'GET /api/session', cli.session],
  ['cli', 'GET /api/doctor', cli.checks],
  ['cli', 'GET /api/find', cli.found],
  ['cli', 'GET /api/messages/{id}', cli.message],
  ['cli', 'POST /api/messages', cli.started],
  ['cli', 'POST /api/messages/{id}/retry', cli.started],
  ['cli', 'POST /api/messages/retry', cli.retried],
  ['cli', 'POST /api/corrections', cli.castVote],
  ['cli', 'POST /api/sign-in-links', cli.link],
  ['cli', 'POST /api/bots/{bot}/pause', cli.pausing],
  ['cli', 'POST /api/bots/{bot}/resume', cli.pausing],
  ['web', 'GET /api/bots', web.bots],
  ['web', 'GET /api/session', web.session],
  ['web', 'GET /api/find', web.found],
  ['web', 'GET /api/messages', web.messagePage],
  ['web', 'GET /api/messages/{id}', web.message],
]

for (const [who, route, shape] of readers)
  test(`what ${who} reads of ${route} is what the API promises`, async () => {
    const description = await readDescription()
    assert.deepEqual(faultsOf({ read: read(shape), told: answerOf(description, route), place: route }, description), [])
  })

test('a reader that takes more for granted than is promised is found', async () => {
  const description = await readDescription()
  const told = answerOf(description, 'GET /api/bots')
  const faultsWith = (bot: z.ZodType) =>
    faultsOf({ read: read(z.object({ bots: z.array(bot) })), told, place: '' }, description)
  assert.deepEqual(faultsWith(z.object({ nobody: z.string() })), ['.bots[].nobody is not told'])
  assert.deepEqual(faultsWith(z.object({ name: z.number() })), ['.bots[].name may be "string"'])
  assert.deepEqual(faultsWith(z.object({ answerMs: z.looseObject({}) })), ['.bots[].answerMs may be "null"'])
  assert.equal(faultsWith(z.object({ health: z.object({ state: z.enum(['ok']) }) })).length, 1)
  assert.deepEqual(faultsWith(z.object({ name: z.string().nullable() })), [])
})
