import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApplicationFailure } from '@temporalio/common'
import { InputRefused, SendFailed } from '../domain/errors.ts'
import { asActivityFailure, translateFailures } from './failures.ts'

const translated = (error: unknown): ApplicationFailure => {
  const failure = asActivityFailure(error)
  assert(failure instanceof ApplicationFailure)
  return failure
}

test('one of our errors keeps its code as type, and whether it may be retried', () => {
  const refused = translated(new InputRefused('gone'))
  assert.deepEqual([refused.type, refused.nonRetryable], ['InputRefused', true])
  const failed = translated(new SendFailed({ delivery: 'not-sent', reason: 'ratelimited', retryAfterMs: 2_000 }))
  assert.deepEqual([failed.type, failed.nonRetryable, failed.nextRetryDelay], ['SendFailed', false, 2_000])
})

test('the message of any other error stays behind, because it may quote what a person wrote', () => {
  const error = Object.assign(new TypeError('invalid input syntax: "my secret"'), { code: '22P02' })
  const failure = translated(error)
  assert.equal(failure.message, 'unexpected TypeError (22P02)')
  assert(!JSON.stringify(failure).includes('secret'))
  assert.equal(translated('a thrown string').type, 'Unknown')
})

test('an activity that fails is reported by its name and translated; one that succeeds is left alone', async () => {
  const reported: string[] = []
  const { inbound } = translateFailures((name) => reported.push(name))({ info: { activityType: 'scoreMessage' } })
  assert.equal(await inbound.execute(1, (n) => Promise.resolve(n + 1)), 2)
  assert.deepEqual(reported, [])
  const fails = () => Promise.reject(new InputRefused('gone'))
  await assert.rejects(inbound.execute(1, fails), (error) => error instanceof ApplicationFailure && error.stack === '')
  assert.deepEqual(reported, ['scoreMessage'])
})
