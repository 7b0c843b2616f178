import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { isVerified, verify } from './checksum.ts'

const folder = await temporaryFolder('checksum-test')
const sha256 = createHash('sha256').update('weights').digest('hex')
const quiet = () => undefined

test('a file that is not the pinned one is refused and deleted', async () => {
  const file = join(folder, 'wrong')
  await writeFile(file, 'weightz')
  await assert.rejects(
    verify(file, { sha256, what: 'the weights', say: quiet }),
    /the weights is not the file that was pinned/,
  )
  assert.equal(existsSync(file), false)
})

test('a verified file is known until it changes', async () => {
  const file = join(folder, 'right')
  await writeFile(file, 'weights')
  assert.equal(await isVerified(file, sha256), false)
  await verify(file, { sha256, what: 'the weights', say: quiet })
  assert.equal(await isVerified(file, sha256), true)
  await writeFile(file, 'weightz')
  await utimes(file, 1, 1)
  assert.equal(await isVerified(file, sha256), false)
  await assert.rejects(verify(file, { sha256, what: 'the weights', say: quiet }), { code: 'LocalProblem' })
})

test('another pin makes a verified file unknown again', async () => {
  const file = join(folder, 'pinned')
  await writeFile(file, 'weights')
  await verify(file, { sha256, what: 'the weights', say: quiet })
  assert.equal(await isVerified(file, '0'.repeat(64)), false)
})

test('without a pin an empty file is refused, and the missing pin is said', async () => {
  const said: string[] = []
  const file = join(folder, 'unpinned')
  await writeFile(file, 'x')
  await verify(file, { sha256: undefined, what: 'the server', say: (line) => said.push(line) })
  assert.match(said.join(), /no checksum is pinned for this platform/)
  await writeFile(file, '')
  await assert.rejects(verify(file, { sha256: undefined, what: 'the server', say: quiet }), { code: 'LocalProblem' })
})
