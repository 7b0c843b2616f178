import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandContext } from './command.ts'
import { ApiRefused } from './failure.ts'
import { waitFor } from './wait.ts'

const context = {
  interrupted: new AbortController().signal,
  terminal: { watched: false, progress: () => undefined },
} as unknown as CommandContext
const waiting = { what: 'report', timeoutMs: 60_000, next: 'Ask again.' }
const refused = (status: number) => new ApiRefused(status, 'The API said no.', 'Ask again.')

test('whoever waits goes on waiting while the API has too much to do, and no refusal of another kind is passed over', async () => {
  const answers = [refused(503), undefined, refused(503), 'here it is']
  const look = () => {
    const next = answers.shift()
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next)
  }
  assert.equal(await waitFor(context, { ...waiting, look }), 'here it is')
  await assert.rejects(waitFor(context, { ...waiting, look: () => Promise.reject(refused(404)) }), { status: 404 })
})
