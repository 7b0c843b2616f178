import assert from 'node:assert/strict'
import { mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { bindingLoads, bindingPath, isKept, keepNative, restoreNative } from './tensorflow-package.ts'

async function fakePackage(): Promise<{ readonly folder: string; readonly cache: string }> {
  const root = await temporaryFolder('tensorflow-test')
  const folder = join(root, 'package')
  for (const path of ['deps/lib/libtensorflow_cc.so.2', bindingPath]) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), `bytes of ${path}`)
  }
  await symlink('libtensorflow_cc.so.2', join(folder, 'deps/lib/libtensorflow.so'))
  return { folder, cache: join(root, 'cache') }
}

test('what was kept comes back after node_modules was made anew, links too', async () => {
  const { folder, cache } = await fakePackage()
  await mkdir(cache)
  await keepNative(folder, cache)
  await rm(folder, { recursive: true })
  assert.equal(await restoreNative(cache, folder), true)
  assert.equal(await readFile(join(folder, bindingPath), 'utf8'), `bytes of ${bindingPath}`)
  assert.equal(await readlink(join(folder, 'deps/lib/libtensorflow.so')), 'libtensorflow_cc.so.2')
})

test('a damaged copy is not brought back', async () => {
  const { folder, cache } = await fakePackage()
  await mkdir(cache)
  await keepNative(folder, cache)
  await rm(folder, { recursive: true })
  await writeFile(join(cache, bindingPath), 'something else')
  assert.equal(await restoreNative(cache, folder), false)
})

test('an empty cache has nothing to bring back', async () => {
  const { folder, cache } = await fakePackage()
  assert.equal(await isKept(cache), false)
  assert.equal(await restoreNative(cache, folder), false)
})

test('a binding that is missing or no library does not count as loading', async () => {
  const { folder } = await fakePackage()
  assert.equal((await bindingLoads(folder)).loads, false)
  await rm(join(folder, bindingPath))
  assert.deepEqual(await bindingLoads(folder), { loads: false, why: 'there is no binding' })
})
