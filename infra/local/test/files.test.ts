import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findTestFiles, selectFiles } from './files.ts'

test('patterns are parts of paths, and no pattern means all but the long ones', () => {
  const files = ['store/db.test.ts', 'domain/keys.test.ts']
  assert.deepEqual(selectFiles(files, []), files)
  assert.deepEqual(selectFiles(files, ['./store/']), ['store/db.test.ts'])
  const long = 'test/long/approval-matrix.test.ts'
  assert.deepEqual(selectFiles([...files, long], []), files)
  assert.deepEqual(selectFiles([...files, long], ['test/long']), [long])
  assert.deepEqual(selectFiles([...files, 'test/doors.test.ts'], [], { unitOnly: true }), files)
})

test('a run of no test file is a failure, not a pass', async () => {
  await assert.rejects(findTestFiles(['no-such-file-anywhere']), /no test file matches no-such-file-anywhere/)
  assert.ok((await findTestFiles(['infra/local/test/files.test.ts'])).length === 1)
})
