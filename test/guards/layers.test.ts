import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { run } from '../../infra/local/processes/programs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const eslint = new ESLint({ cwd: root })

/** Which rules complain when an existing file of a layer holds `code` instead. */
async function rulesBrokenBy(filePath: string, code: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(code, { filePath })
  assert(result)
  return result.messages.map((message) => message.ruleId ?? message.message)
}

const layerRule = '@typescript-eslint/no-restricted-imports'

const forbidden: readonly (readonly [file: string, code: string])[] = [
  ['domain/keys.ts', "import { createHash } from 'node:crypto'\nexport const hash = createHash"],
  ['domain/keys.ts', "import { openDatabase } from '../store/db.ts'\nexport const open = openDatabase"],
  [
    'workflows/steps/steps.ts',
    "import { createChannel } from '../adapters/slack/channel.ts'\nexport const c = createChannel",
  ],
  ['workflows/steps/steps.ts', "import type { Db } from '../store/db.ts'\nexport type D = Db"],
  [
    'workflows/steps/steps.ts',
    "import { asActivityFailure } from '../activities/failures.ts'\nexport const f = asActivityFailure",
  ],
  [
    'workflows/steps/steps.ts',
    "import type { PrepareDeps } from '../activities/answering/prepare-message.ts'\nexport type P = PrepareDeps",
  ],
  [
    'activities/failures.ts',
    "import { createSlackChannel } from '../adapters/slack/channel.ts'\nexport const c = createSlackChannel",
  ],
  [
    'activities/failures.ts',
    "import { judgeVersion } from '../models/evaluation/judge-version.ts'\nexport const judge = judgeVersion",
  ],
  ['activities/failures.ts', "import { killPoint } from '../infra/kill-point.ts'\nexport const kill = killPoint"],
  ['activities/failures.ts', "import { readFile } from 'node:fs/promises'\nexport const read = readFile"],
  ['store/db.ts', "import { openBlobs } from '../adapters/blobs/files.ts'\nexport const open = openBlobs"],
  ['adapters/blobs/files.ts', "import { openDatabase } from '../../store/db.ts'\nexport const open = openDatabase"],
  ['api/doors/door.ts', "import { openDatabase } from '../../store/db.ts'\nexport const open = openDatabase"],
  ['operations/pause.ts', "import { postOnce } from '../activities/post-once.ts'\nexport const post = postOnce"],
  ['operations/pause.ts', "import { Client } from '@temporalio/client'\nexport const c = Client"],
  ['api/health.ts', "import { loadBots } from '../workers/bots/bots.ts'\nexport const load = loadBots"],
  ['api/contract/values.ts', "import { sendProblem } from '../problems.ts'\nexport const send = sendProblem"],
  ['api/contract/values.ts', "import type { OperatorDeps } from '../operator/deps.ts'\nexport type D = OperatorDeps"],
  ['api/contract/values.ts', "import { openDatabase } from '../../store/db.ts'\nexport const open = openDatabase"],
  ['api/contract/values.ts', "import { createHash } from 'node:crypto'\nexport const hash = createHash"],
  ['web/words.ts', "import { sendProblem } from '../api/problems.ts'\nexport const send = sendProblem"],
  ['web/words.ts', "import type { Db } from '../store/db.ts'\nexport type D = Db"],
  ['cli/find-message.ts', "import type { OperatorDeps } from '../api/operator/deps.ts'\nexport type D = OperatorDeps"],
  ['cli/find-message.ts', "import { openDatabase } from '../store/db.ts'\nexport const open = openDatabase"],
  ['models/family.ts', "import * as tf from '@tensorflow/tfjs'\nexport const backend = tf.getBackend"],
]

for (const [file, code] of forbidden)
  test(`${file} may not say: ${code.split('\n')[0] ?? ''}`, async () => {
    assert((await rulesBrokenBy(file, code)).includes(layerRule))
  })

test('workflows may import the types of the activities’ contract', async () => {
  const code = "import type { Activities } from '../activities/contract.ts'\nexport type A = Activities\n"
  assert(!(await rulesBrokenBy('workflows/steps/steps.ts', code)).includes(layerRule))
})

test('activities may import what the store does', async () => {
  const code = "import { finishMessage } from '../store/messages/messages.ts'\nexport const finish = finishMessage\n"
  assert(!(await rulesBrokenBy('activities/failures.ts', code)).includes(layerRule))
})

test('the pages and the command may import the API’s contract and the domain, and the contract the domain', async () => {
  const domain = "import { mayAct } from '../domain/people.ts'\nexport const act = mayAct\n"
  const contract = "import { problem } from '../api/contract/values.ts'\nexport const shape = problem\n"
  for (const file of ['web/words.ts', 'cli/find-message.ts'])
    for (const code of [domain, contract]) assert(!(await rulesBrokenBy(file, code)).includes(layerRule), file)
  const beside = "import { time } from './values.ts'\nexport const at = time\n"
  for (const code of [domain.replace('../domain', '../../domain'), beside])
    assert(!(await rulesBrokenBy('api/contract/people.ts', code)).includes(layerRule))
})

test('the environment is read in one file only', async () => {
  const code = 'export const home = process.env\n'
  assert((await rulesBrokenBy('workers/settings.ts', code)).includes('no-restricted-properties'))
  assert(!(await rulesBrokenBy('infra/config.ts', code)).includes('no-restricted-properties'))
})

test('an async validator, which Temporal would not await, is refused', async () => {
  const { code, stdout } = await run(
    join(root, 'node_modules/.bin/oxlint'),
    ['--type-aware', fileURLToPath(new URL('fixtures/async-validator.ts', import.meta.url))],
    { cwd: root, timeoutMs: 120_000 },
  )
  assert.equal(code, 1)
  assert.match(stdout, /no-misused-promises/)
})
