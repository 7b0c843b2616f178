import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { ConfigInvalid, loadConfig, variables } from './config.ts'

test('nothing has to be set', () => {
  const config = loadConfig({})
  assert.deepEqual([config.home, config.port, config.slackApiUrl], ['.understudy', 8080, 'http://127.0.0.1:8081'])
  assert.equal(config.slack('fedora-finder'), undefined)
  assert(Object.isFrozen(config))
})

test('every fault is told at once, by name and without the value', () => {
  const faulty = {
    PORT: 'eighty',
    DATABASE_URL: 'mysql://user:hunter2@host/db',
    SLACK_API_URL: 'https://slack.example.com',
    TENSORFLOW: 'gpu',
    SLACK_SIGNING_SECRET: 'short',
  }
  assert.throws(
    () => loadConfig(faulty),
    (error) => {
      assert(error instanceof ConfigInvalid)
      for (const name of [...Object.keys(faulty), 'SLACK_BOT_TOKEN']) assert.match(error.message, new RegExp(name))
      assert(!error.message.includes('hunter2') && !error.message.includes('short,'))
      return true
    },
  )
})

test('workers are unversioned unless it is said', () => {
  assert.deepEqual(loadConfig({}).versioning, { mode: 'off', deploymentName: undefined, buildId: undefined })
  const pinned = loadConfig({
    WORKFLOW_VERSIONING: 'pinned',
    TEMPORAL_DEPLOYMENT_NAME: 'bots',
    TEMPORAL_WORKER_BUILD_ID: '7',
  })
  assert.deepEqual(pinned.versioning, { mode: 'pinned', deploymentName: 'bots', buildId: '7' })
  assert.throws(() => loadConfig({ WORKFLOW_VERSIONING: 'on' }), /WORKFLOW_VERSIONING/)
})

test('an empty variable is one that is not set', () => {
  assert.equal(loadConfig({ PORT: '', DATABASE_URL: '' }).port, 8080)
})

test('a bot’s own credentials win over those of all bots, variable by variable', () => {
  const config = loadConfig({
    SLACK_SIGNING_SECRET: 'secret-of-all',
    SLACK_BOT_TOKEN: 'xoxb-all',
    SLACK_SIGNING_SECRET__AFTER_DARK: 'secret-of-one, secret-of-two',
  })
  assert.deepEqual(config.slack('after-dark'), {
    signingSecrets: ['secret-of-one', 'secret-of-two'],
    botToken: 'xoxb-all',
  })
  assert.deepEqual(config.slack('other')?.signingSecrets, ['secret-of-all'])
})

test('half a set of credentials is a fault of that bot', () => {
  assert.throws(() => loadConfig({ X_CONSUMER_KEY__PULSE: 'key' }), /X_CONSUMER_SECRET__PULSE/)
})

test('a real platform is asked for by name, and a simulator has to be on this machine', () => {
  assert.equal(loadConfig({ X_API_URL: 'live' }).xApiUrl, 'live')
  assert.throws(() => loadConfig({ X_API_URL: 'http://10.0.0.1:8082' }), ConfigInvalid)
})

test('what is stated of an account on X is no unless it is said, bot by bot, and nothing else is taken', () => {
  const none = { aiRepliesApproved: false, automatedLabel: false, bioDisclosure: false }
  assert.deepEqual(loadConfig({}).xApproval('fedora-finder'), none)
  const config = loadConfig({
    X_AUTOMATED_LABEL: 'yes',
    X_AI_REPLIES_APPROVED__PULSE: 'yes',
    X_AUTOMATED_LABEL__PULSE: 'no',
  })
  assert.deepEqual(config.xApproval('fedora-finder'), { ...none, automatedLabel: true })
  assert.deepEqual(config.xApproval('pulse'), { ...none, aiRepliesApproved: true })
  assert.throws(() => loadConfig({ X_BIO_DISCLOSURE__PULSE: 'maybe' }), /X_BIO_DISCLOSURE__PULSE/)
})

test('.env.example lists every variable, and no other', async () => {
  const text = await readFile(new URL('../.env.example', import.meta.url), 'utf8')
  const listed = text.split('\n').flatMap((line) => /^([A-Z][A-Z_]*)=/.exec(line)?.[1] ?? [])
  assert.deepEqual(listed.sort(), [...variables].sort())
})

test('what .env.example says is what holds without it', async () => {
  const text = await readFile(new URL('../.env.example', import.meta.url), 'utf8')
  const settings = text.split('\n').map((line) => /^([A-Z][A-Z_]*)=(.*)$/.exec(line))
  const env = Object.fromEntries(settings.flatMap((setting) => (setting ? [[setting[1] ?? '', setting[2]]] : [])))
  assert.equal(JSON.stringify(loadConfig(env)), JSON.stringify(loadConfig({})))
})
