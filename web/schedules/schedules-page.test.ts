import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noScheduleWords } from './schedules-page.tsx'

test('a bot is said to have no schedule only when Temporal says so', () => {
  assert.match(noScheduleWords(true), /has no schedule: “Check now” makes it again/)
  assert.doesNotMatch(noScheduleWords(false), /has no schedule/)
})
