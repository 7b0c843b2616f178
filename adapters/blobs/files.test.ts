import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { openBlobs } from './files.ts'

async function setUp(test: TestContext) {
  const home = await mkdtemp(join(tmpdir(), 'blobs-'))
  test.after(() => rm(home, { recursive: true, force: true }))
  const folder = join(home, 'data', 'blobs')
  return { folder, blobs: openBlobs(pathToFileURL(folder).href) }
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const pathIn = (folder: string, sha256: string) => join(folder, sha256.slice(0, 2), sha256)
const files = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())

describe('blobs in files', () => {
  it('gives back what was put, under its SHA-256, also to another process', async (test) => {
    const { folder, blobs } = await setUp(test)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async (bytes) => {
        const sha256 = await blobs.put(bytes)
        assert.equal(sha256, sha256Of(bytes))
        assert.equal(await blobs.has(sha256), true)
        assert.deepEqual(Buffer.from(await openBlobs(pathToFileURL(folder).href).get(sha256)), Buffer.from(bytes))
      }),
      { numRuns: 40 },
    )
  })

  it('puts a blob into a folder of its first two digits, readable by its owner only', async (test) => {
    const { folder, blobs } = await setUp(test)
    const sha256 = await blobs.put(Buffer.from('picture'))
    assert.equal((await stat(pathIn(folder, sha256))).mode & 0o777, 0o600)
    assert.equal((await files(folder)).length, 1)
  })

  it('writes nothing when the same bytes come again, and makes them young', async (test) => {
    const { folder, blobs } = await setUp(test)
    const sha256 = await blobs.put(Buffer.from('picture'))
    const path = pathIn(folder, sha256)
    await utimes(path, 1_000, 1_000)
    const before = await stat(path)
    assert.equal(await blobs.put(Buffer.from('picture')), sha256)
    const later = await stat(path)
    assert.equal(later.ino, before.ino)
    assert(later.mtimeMs > Date.now() - 60_000)
  })

  it('keeps one whole file when many put the same bytes at once', async (test) => {
    const { folder, blobs } = await setUp(test)
    const stores = [blobs, openBlobs(pathToFileURL(folder).href), openBlobs(pathToFileURL(folder).href)]
    const bytes = randomBytes(300_000)
    const put = await Promise.all(Array.from({ length: 30 }, (_, index) => (stores[index % 3] ?? blobs).put(bytes)))
    assert.deepEqual([...new Set(put)], [sha256Of(bytes)])
    assert.deepEqual(Buffer.from(await blobs.get(sha256Of(bytes))), bytes)
    assert.equal((await files(folder)).length, 1)
  })

  it('says which blob is missing', async (test) => {
    const { blobs } = await setUp(test)
    const sha256 = 'ab'.repeat(32)
    assert.equal(await blobs.has(sha256), false)
    await assert.rejects(blobs.get(sha256), { code: 'BlobMissing', sha256, retryable: true })
  })

  it('never hands out damaged bytes, and mends a cut file when the bytes are put again', async (test) => {
    const { folder, blobs } = await setUp(test)
    const bytes = Buffer.from('picture')
    const sha256 = await blobs.put(bytes)
    await writeFile(pathIn(folder, sha256), 'pictura')
    await assert.rejects(blobs.get(sha256), { code: 'BlobDamaged', sha256 })
    await truncate(pathIn(folder, sha256), 3)
    await assert.rejects(blobs.get(sha256), { code: 'BlobDamaged', sha256 })
    await blobs.put(bytes)
    assert.deepEqual(Buffer.from(await blobs.get(sha256)), bytes)
  })

  it('sweeps what a killed process left half-written, but nothing that may still be in work', async (test) => {
    const { folder, blobs } = await setUp(test)
    await mkdir(join(folder, 'tmp'), { recursive: true })
    const [old, fresh] = [join(folder, 'tmp', 'old'), join(folder, 'tmp', 'fresh')]
    await writeFile(old, 'half')
    await writeFile(fresh, 'half')
    const twoHoursAgo = new Date(Date.now() - 7_200_000)
    await utimes(old, twoHoursAgo, twoHoursAgo)
    await blobs.put(Buffer.from('picture'))
    assert.deepEqual(await readdir(join(folder, 'tmp')), ['fresh'])
    assert.equal(await readFile(fresh, 'utf8'), 'half')
  })

  it('takes no name that is not a digest, so that no path can be reached through it', async (test) => {
    const { blobs } = await setUp(test)
    const names = [
      '',
      '..',
      `../${'a'.repeat(61)}`,
      'A'.repeat(64),
      'a'.repeat(63),
      `${'a'.repeat(64)}\n`,
      `/${'a'.repeat(63)}`,
    ]
    for (const name of names) {
      await assert.rejects(blobs.get(name), TypeError, name)
      await assert.rejects(blobs.has(name), TypeError, name)
    }
  })

  it('is retried when it cannot write, names no path, and works again afterwards', async (test) => {
    const { folder, blobs } = await setUp(test)
    await mkdir(join(folder, '..'), { recursive: true })
    await writeFile(folder, 'a file where the folder should be')
    await assert.rejects(blobs.put(Buffer.from('picture')), (error: Error) => {
      assert.equal('code' in error && error.code, 'ServiceUnavailable')
      assert.ok(!error.message.includes(folder))
      return true
    })
    await rm(folder)
    await blobs.put(Buffer.from('picture'))
    assert.equal(await blobs.has(sha256Of(Buffer.from('picture'))), true)
  })

  it('opens file URLs only', () => {
    for (const url of ['s3://bucket/prefix', 'https://pictures.example/', 'blobs'])
      assert.throws(() => openBlobs(url), TypeError)
  })
})
