import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { openBrowser, skipWithoutBrowser } from '../../test/browser/support/browser.ts'
import { useDatabase } from '../../test/support/database.ts'
import { useOperatorApp } from '../../test/support/operator-app.ts'

const db = useDatabase()
const { inject, listen } = useOperatorApp(db)

const described = z.looseObject({ description: z.string() })
const schema = z.record(z.string(), z.unknown())
const content = z.record(z.string(), z.looseObject({ schema }))
/** The parts of the OpenAPI 3.1 meta-schema that a generated description could break. */
const operation = z.looseObject({
  summary: z.string().min(5),
  responses: z
    .record(z.string().regex(/^(?:[1-5]\d\d|[1-5]XX|default)$/), described.extend({ content: content.optional() }))
    .refine((all) => Object.keys(all).length > 0),
  requestBody: z.looseObject({ content }).optional(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header', 'cookie']),
        required: z.boolean().optional(),
        schema,
      }),
    )
    .optional(),
})
const path = z.partialRecord(z.enum(['get', 'post', 'put', 'delete']), operation)
const document = z.looseObject({
  openapi: z.literal('3.1.0'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string().startsWith('/'), path),
  components: z.looseObject({ securitySchemes: z.record(z.string(), z.looseObject({ type: z.string() })) }),
})

const read = async () => document.parse((await inject({ url: '/docs/json' })).json())

test('the description is OpenAPI 3.1, and every parameter of a path is declared', async () => {
  for (const [name, methods] of Object.entries((await read()).paths))
    for (const [method, { parameters = [] }] of Object.entries(methods)) {
      const declared = parameters.filter((each) => each.in === 'path').map((each) => each.name)
      const named = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
      assert.deepEqual(declared.toSorted(), named.toSorted(), `${method} ${name}`)
    }
})

test('every reference leads somewhere, and nothing of OpenAPI 3.0 is left', async () => {
  const whole = await read()
  const text = JSON.stringify(whole)
  assert.doesNotMatch(text, /"nullable":true/)
  for (const [, reference = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = reference
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], whole)
    assert.notEqual(target, undefined, reference)
  }
})

test('the operator API, the doors and the probes are all in it, with what they answer when they say no', async () => {
  const { paths } = await read()
  const wanted = [
    ...['/api/session', '/api/sign-in-links', '/api/bots', '/api/bots/{bot}/pause', '/api/bots/{bot}/resume'],
    '/api/bots/{bot}/labels',
    ...['/api/messages', '/api/messages/{id}', '/api/messages/{id}/retry', '/api/messages/retry', '/api/find'],
    ...[
      '/api/corrections',
      '/api/pictures/{sha256}',
      '/api/people',
      '/api/people/{id}/roles',
      '/api/doctor',
      '/api/live',
    ],
    ...['/api/learning', '/api/bots/{bot}/retrain', '/api/bots/{bot}/schedule', '/api/bots/{bot}/rollback'],
    '/api/bots/{bot}/retrains/{number}/cancel',
    ...['/api/corrections/{prediction}/decision', '/api/labels', '/api/labels/{question}'],
    ...['/api/datasets', '/api/datasets/{root}', '/api/datasets/{root}/export'],
    ...['/api/versions', '/api/versions/{bot}/{version}', '/api/versions/{bot}/{version}/compare/{other}'],
    ...['/api/replays', '/api/replays/{id}', '/api/versions/{bot}/{version}/rebuild', '/api/rebuilds/{id}'],
    ...['/api/rollouts', '/api/rollouts/{bot}/{version}', '/api/rollouts/{bot}/{version}/decision'],
    ...['/slack/{bot}/events', '/slack/{bot}/commands', '/slack/{bot}/interactivity', '/x/{bot}/webhook'],
    ...['/health/live', '/health/ready', '/metrics'],
  ]
  assert.deepEqual(Object.keys(paths).toSorted(), wanted.toSorted())
  const bodies = Object.entries(paths).filter(([name]) => name.startsWith('/api/'))
  for (const [name, methods] of bodies)
    for (const { responses } of Object.values(methods)) assert.ok('4XX' in responses || '4xx' in responses, name)
})

test('the page that shows it is served with its own files only', async () => {
  const page = await inject({ url: '/docs' })
  assert.equal(page.statusCode, 200)
  for (const [, source = ''] of page.body.matchAll(/(?:src|href)="([^"]+)"/g)) {
    assert.doesNotMatch(source, /^(?:https?:)?\/\//)
    const file = await inject({ url: new URL(source, 'http://localhost/docs').pathname })
    assert.equal(file.statusCode, 200, source)
  }
})

test('a browser shows it under our content security policy', { skip: skipWithoutBrowser }, async (context) => {
  const browser = await openBrowser(context)
  const page = await browser.open(`${await listen()}/docs`)
  await page.getByText('Give an open or failed message its workflow again').first().waitFor()
  assert.deepEqual(browser.faults, [])
})
