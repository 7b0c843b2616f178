import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterFrom, listPath, queryOf } from './filter.ts'

test('the address of a filtered list gives the same filter back', () => {
  const filter = { bot: 'after-dark', outcome: 'failed', q: 'hats & caps' }
  assert.deepEqual(filterFrom(new URL(listPath(filter), 'http://localhost').searchParams), filter)
})

test('an address with other or empty fields restricts nothing', () => {
  assert.deepEqual(filterFrom(new URLSearchParams('bot=&page=3')), {})
  assert.equal(listPath({}), '/conversations')
})

test('where to go on is added to the filter', () => {
  assert.equal(queryOf({ channel: 'x' }, { limit: '50' }), 'channel=x&limit=50')
})
