import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import type { BlindQuestion, blindLabelTaken } from '../../api/contract/questions.ts'
import { ApiRefused } from '../failure.ts'
import { createTerminal } from '../terminal.ts'
import { askByKey } from './ask-by-key.ts'

const labels = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `l${index + 1}`, words: 'words' }))
const question = (id: string, count = 2): BlindQuestion => ({
  ...{ id, bot: 'team-router', version: 2, reason: 'random', askedAt: '2026-01-02T03:04:05.000Z' },
  input: { kind: 'text', text: id },
  labels: labels(count),
})

/** Presses the keys one after the other; each load gives the next batch. */
async function press(keys: string, batches: readonly (readonly BlindQuestion[])[], settled: readonly string[] = []) {
  const said: string[] = []
  const asked: unknown[] = []
  const pressed = keys.split('')
  const loads = [...batches]
  const note = (path: string, body: unknown) => {
    asked.push([path.replace('/api/labels/', ''), body])
    const isSettled = settled.some((id) => path.endsWith(id))
    return isSettled ? Promise.reject(new ApiRefused(409, 'The question is settled', '')) : Promise.resolve(undefined)
  }
  const stream = { write: (text: string) => said.push(text) }
  await askByKey(
    {
      terminal: createTerminal(stream, stream),
      api: {
        get: () => Promise.reject(new Error('nothing else is asked')),
        put: () => Promise.reject(new Error('nothing else is changed')),
        post: async (path, body, shape) => {
          await note(path, body)
          return shape.parse({ state: 'open', votes: 1, needed: 2 } satisfies z.infer<typeof blindLabelTaken>)
        },
        delete: async (path) => {
          await note(path, 'undo')
        },
      },
    },
    {
      keys: { next: () => Promise.resolve(pressed.shift()) },
      load: () => Promise.resolve(loads.shift() ?? []),
    },
  )
  return { asked, said: said.join('') }
}

test('when a batch is answered the next one is asked for, until nothing is left', async () => {
  const { asked, said } = await press('12s0', [
    [question('one'), question('two')],
    [question('two'), question('three'), question('four')],
  ])
  assert.deepEqual(asked, [
    ['one', { label: 'l1' }],
    ['two', { label: 'l2' }],
    ['four', { label: null }],
  ])
  assert.match(said, /No other question is open for you/)
})

test('a question that somebody else has settled is said, and the next one comes', async () => {
  const { asked, said } = await press('11', [[question('one'), question('two')]], ['one'])
  assert.deepEqual(asked, [
    ['one', { label: 'l1' }],
    ['two', { label: 'l1' }],
  ])
  assert.match(said, /The question is settled/)
})

test('the labels beyond nine have letters, and undo asks the last one again', async () => {
  const { asked } = await press('bu2q', [[question('one', 11), question('two')]])
  assert.deepEqual(asked, [
    ['one', { label: 'l11' }],
    ['one', 'undo'],
    ['one', { label: 'l2' }],
  ])
})
