import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '../../../infra/config.ts'
import { accounts } from './accounts.ts'

const credentials = {
  X_CONSUMER_KEY: 'key',
  X_CONSUMER_SECRET: 'consumer-secret',
  X_ACCESS_TOKEN: '16-token',
  X_ACCESS_TOKEN_SECRET: 'token-secret',
}
const stated = { X_AI_REPLIES_APPROVED: 'yes', X_AUTOMATED_LABEL: 'yes', X_BIO_DISCLOSURE: 'yes' }
const bots = [{ name: 'fedora-finder', channels: ['x', 'http'] }] as const
const checks = (env: Readonly<Record<string, string>>) => accounts({ config: loadConfig(env), bots })

void test('on the real X everything that is not stated is named, with what to do and which setting says so', () => {
  const [check, ...others] = checks({ ...credentials, X_API_URL: 'live' })
  assert.deepEqual(others, [])
  assert.deepEqual([check?.name, check?.state], ['fedora-finder on x', 'fail'])
  for (const name of Object.keys(stated)) assert.match(check?.next ?? '', new RegExp(`${name}__FEDORA_FINDER=yes`))
  assert.match(check?.next ?? '', /Policy Support form.*Automation.*bio/)
  const [half] = checks({ ...credentials, ...stated, X_API_URL: 'live', X_AUTOMATED_LABEL: 'no' })
  assert.match(half?.detail ?? '', /^does not reply on X: X_AUTOMATED_LABEL not stated/)
})

void test('an account of which all is stated is in order, and the simulator demands nothing', () => {
  assert.deepEqual(
    checks({ ...credentials, ...stated, X_API_URL: 'live' }).map(({ state }) => state),
    ['ok'],
  )
  assert.deepEqual(checks(credentials), [])
})

void test('without credentials nothing else is asked', () => {
  assert.deepEqual(
    checks({ X_API_URL: 'live' }).map(({ state, detail }) => [state, detail]),
    [['warn', 'has no credentials']],
  )
})
