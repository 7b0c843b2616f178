import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useDatabase } from '../../test/support/database.ts'
import { keepAnswer, keepMessage } from '../../test/support/messages/kept-messages.ts'
import { useOperatorApp } from '../../test/support/operator-app.ts'

const db = useDatabase()
const { asAdmin, inject, signIn } = useOperatorApp(db)
const add = (bot: string, payload: object) => asAdmin({ method: 'POST', url: `/api/bots/${bot}/labels`, payload })
const labelsOf = async (bot: string) => {
  const { bots } = (await asAdmin({ url: '/api/bots' })).json<{
    bots: readonly { name: string; labels: readonly { id: string }[] }[]
  }>()
  return bots.find(({ name }) => name === bot)?.labels.map(({ id }) => id)
}

test('a label that was added is listed at once, and is taken as a correction', async () => {
  const message = await keepMessage(db())
  await keepAnswer(db(), message)
  const correct = () =>
    asAdmin({ method: 'POST', url: '/api/corrections', payload: { prediction: message, label: 'beret' } })
  assert.equal((await correct()).statusCode, 422)
  const added = await add('fedora-finder', { id: 'beret', words: ' a beret ' })
  assert.equal(added.statusCode, 201)
  assert.deepEqual(added.json<{ labels: unknown[] }>().labels.at(-1), { id: 'beret', words: 'a beret' })
  assert.deepEqual(await labelsOf('fedora-finder'), ['fedora', 'no-fedora', 'beret'])
  assert.deepEqual(await labelsOf('after-dark'), ['engineer'])
  assert.equal((await correct()).statusCode, 202)
})

test('a label that cannot be added is refused with the reason', async () => {
  const refusals = [
    [{ id: 'fedora', words: 'another hat' }, 409, /already: fedora/],
    [{ id: 'Top Hat', words: 'a top hat' }, 422, /lower-case/],
    [{ id: 'top-hat', words: '<!channel>' }, 422, /plain marks/],
    [{ id: 'top-hat' }, 400, /./],
  ] as const
  for (const [payload, status, detail] of refusals) {
    const answer = await add('fedora-finder', payload)
    assert.equal(answer.statusCode, status, answer.body)
    assert.match(answer.json<{ detail: string }>().detail, detail)
  }
  assert.equal((await add('nobody', { id: 'a', words: 'b' })).statusCode, 404)
})

test('reviewers of the bot add labels, and nobody else does', async () => {
  const addAs = async (roles: Parameters<typeof signIn>[0], id: string) => {
    const { cookie } = await signIn(roles)
    const headers = { cookie, 'x-understudy': '1' }
    const payload = { id, words: `${id} words` }
    return (await inject({ method: 'POST', url: '/api/bots/fedora-finder/labels', headers, payload })).statusCode
  }
  assert.equal(await addAs({ 'fedora-finder': 'viewer', 'after-dark': 'admin' }, 'cap'), 403)
  assert.equal(await addAs({}, 'cap'), 403)
  assert.equal(await addAs({ 'fedora-finder': 'reviewer' }, 'cap'), 201)
  assert.equal((await inject({ method: 'POST', url: '/api/bots/fedora-finder/labels', payload: {} })).statusCode, 401)
})
