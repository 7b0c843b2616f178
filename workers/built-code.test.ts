import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fingerprintOfEntries, fingerprintOfFolders } from './built-code.ts'

test('a fingerprint is of all code behind an entry, and of the facts', async () => {
  const classifier = await fingerprintOfEntries(['models/families/picture-classifier/picture-classifier.ts'])
  assert.match(classifier, /^[0-9a-f]{16}$/)
  assert.equal(await fingerprintOfEntries(['models/families/picture-classifier/picture-classifier.ts']), classifier)
  assert.notEqual(await fingerprintOfEntries(['models/runtime/batcher.ts']), classifier)
  assert.notEqual(
    await fingerprintOfEntries(['models/families/picture-classifier/picture-classifier.ts'], ['wasm']),
    classifier,
  )
  // What the entry imports through other files is in it already.
  assert.equal(
    await fingerprintOfEntries([
      'models/families/picture-classifier/picture-classifier.ts',
      'domain/model/calibration.ts',
    ]),
    classifier,
  )
})

test('a file that is not part of the product has no fingerprint', async () => {
  await assert.rejects(
    fingerprintOfEntries(['models/no-such-file.ts']),
    /no-such-file\.ts is not part of what was built/,
  )
})

test('a fingerprint of folders is of all their code', async () => {
  const one = await fingerprintOfFolders(['models'])
  assert.match(one, /^[0-9a-f]{16}$/)
  assert.notEqual(await fingerprintOfFolders(['models', 'domain']), one)
})
