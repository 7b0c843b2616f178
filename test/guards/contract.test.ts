import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { contractOfToday, incompatibilities, recordedContract } from '../support/releases/contract.ts'
import { recordedReleases } from '../support/releases/releases.ts'

const newest = (await recordedReleases()).at(-1) ?? assert.fail('no release is recorded')
const released = await recordedContract(newest)

test('workflows and activities of the newest release and of today understand each other', () => {
  assert.deepEqual(incompatibilities(released), [])
})

test('today’s contract is understood by itself, whatever it is made of', () => {
  const today = contractOfToday()
  for (const activity of ['prepareMessage', 'countVote', 'trainSlot', 'watchRollout'])
    assert(activity in today.activities)
  assert.deepEqual(incompatibilities(today), [])
})

const file = 'activities/contract.ts'

/** What is found when the contract of conversations says something else. */
async function whenChanged(from: string, to: string): Promise<string> {
  const text = await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')
  assert(text.includes(from), from)
  return incompatibilities(released, { [file]: text.replace(from, to) }).join('\n')
}

for (const [what, from, to, found] of [
  ['an activity that is gone', 'castVote(', 'castTheVote(', /castVote takes what it was given/],
  ['a field that has another name', 'inputSha256:', 'inputDigest:', /scoreMessage takes what it was given/],
  [
    'a field that is demanded all at once',
    'extends MessageRef {\n  readonly answer',
    'extends MessageRef {\n  readonly urgency: number\n  readonly answer',
    /replyToMessage takes what it was given/,
  ],
  [
    'a result that open workflows do not know',
    "readonly kind: 'silent'",
    "readonly kind: 'mute'",
    /prepareMessage returns what was expected/,
  ],
  [
    'a result that says less',
    'readonly withheld: number',
    'readonly hidden: number',
    /moderatePictures returns what was expected/,
  ],
  [
    'an argument of a workflow that is demanded',
    'readonly answerWithinMs?: number | undefined',
    'readonly answerWithinMs: number',
    /answerMessage takes what it was started with/,
  ],
] as const)
  test(`this is found: ${what}`, async () => {
    assert.match(await whenChanged(from, to), found)
  })
