import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testBot } from '../../test/support/bots.ts'
import { labelCommand } from './label-command.ts'

const bot = testBot({ name: 'router', labels: [{ id: 'rnd', words: 'Research & Development' }] })
const run = (text: string) => labelCommand(text, bot)

test('/labels alone lists them, escaped', () => {
  assert.deepEqual(run('  '), { kind: 'told', text: 'Labels of router:\n• rnd: Research &amp; Development' })
})

test('/labels add is a wish of the person, with the words as they were typed', () => {
  const event = run(' add qa Quality  &amp; care ')
  const label = { id: 'qa', words: 'Quality & care' }
  assert.deepEqual(event, { kind: 'add', label })
  const ping = run('add qa &lt;!channel&gt;')
  assert.equal(typeof ping !== 'string' && ping.kind === 'add' && ping.label.words, '<!channel>')
})

test('anything else is told how it is used', () => {
  for (const text of ['add', 'add qa', 'remove rnd', 'rnd', 'addqa words'])
    assert.match(run(text) as string, /\/labels add design/, text)
})
