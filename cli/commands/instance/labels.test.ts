import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fedoraFinder } from '../../testing/sample-answers.ts'
import { scriptedInstance } from '../../testing/understudy.ts'

const labels = [...fedoraFinder.labels, { id: 'beret', words: 'a beret' }]
const routes = {
  'GET /api/bots': () => ({ bots: [fedoraFinder] }),
  'POST /api/bots/fedora-finder/labels': () => ({ bot: 'fedora-finder', labels }),
}

test('labels lists what a bot knows', async (context) => {
  const { run } = await scriptedInstance(context, routes)
  const { code, stdout } = await run('labels', 'fedora-finder')
  assert.equal(code, 0)
  assert.equal(stdout, 'fedora     fedora\nno-fedora  no fedora\n')
  const asJson = JSON.parse((await run('labels', 'fedora-finder', '--json')).stdout) as unknown
  assert.deepEqual(asJson, { bot: 'fedora-finder', labels: fedoraFinder.labels })
})

test('labels add sends the id and all the words, and shows the new list', async (context) => {
  const { run, asked } = await scriptedInstance(context, routes)
  const { code, stdout } = await run('labels', 'fedora-finder', 'add', 'beret', 'a', 'beret')
  assert.equal(code, 0)
  assert.match(stdout, /^fedora-finder offers beret from now on[^]*^beret +a beret$/m)
  assert.deepEqual(asked.at(-1)?.body, { id: 'beret', words: 'a beret' })
})

test('labels says how it is used, and why the API refuses a label', async (context) => {
  const refusal = { title: 'The label cannot be added', detail: 'There is that label already: beret (a beret).' }
  const { run } = await scriptedInstance(context, {
    ...routes,
    'POST /api/bots/fedora-finder/labels': { status: 409, body: refusal },
  })
  for (const args of [['add'], ['add', 'beret'], ['drop', 'beret', 'a beret']]) {
    const { code, stderr } = await run('labels', 'fedora-finder', ...args)
    assert.equal(code, 2, args.join(' '))
    assert.match(stderr, /labels fedora-finder add <id> <words>/)
  }
  const refused = await run('labels', 'fedora-finder', 'add', 'beret', 'a beret')
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /There is that label already/)
  assert.match((await run('labels', 'nobody')).stderr, /no bot called nobody/)
})
