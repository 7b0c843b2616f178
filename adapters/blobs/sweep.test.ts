import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { openBlobs } from './files.ts'
import { sweepBlobs } from './sweep.ts'

const dayMs = 24 * 60 * 60 * 1000
const bytes = Buffer.from('picture')
const sha256 = createHash('sha256').update(bytes).digest('hex')
const part = Number.parseInt(sha256.slice(0, 2), 16)
const nothing = () => Promise.resolve(new Set<string>())

/** A store with one blob that was put two days ago. */
async function setUp(test: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'sweep-'))
  test.after(() => rm(root, { recursive: true, force: true }))
  const url = pathToFileURL(root).href
  const blobs = openBlobs(url)
  const path = join(root, sha256.slice(0, 2), sha256)
  const age = async () => {
    const twoDaysAgo = new Date(Date.now() - 2 * dayMs)
    await utimes(path, twoDaysAgo, twoDaysAgo)
  }
  await blobs.put(bytes)
  await age()
  const sweep = (referredTo: (all: readonly string[]) => Promise<ReadonlySet<string>>) =>
    sweepBlobs(url, { part, olderThanMs: dayMs, referredTo })
  const trash = join(root, 'trash')
  return { url, root, path, trash, blobs, age, sweep }
}

describe('the sweep of blobs', () => {
  it('removes an old blob that nothing refers to', async (test) => {
    const { blobs, sweep, trash } = await setUp(test)
    assert.equal(await sweep(nothing), 1)
    assert.equal(await blobs.has(sha256), false)
    assert.deepEqual(await readdir(trash), [])
    await blobs.put(bytes)
    assert.deepEqual(Buffer.from(await blobs.get(sha256)), bytes)
  })

  it('keeps what is referred to, what is young, what is in another part, and files that are no blobs', async (test) => {
    const { url, root, path, blobs, age, sweep } = await setUp(test)
    assert.equal(await sweep((all) => Promise.resolve(new Set(all))), 0)
    assert.equal(await sweepBlobs(url, { part: (part + 1) % 256, olderThanMs: dayMs, referredTo: nothing }), 0)
    await writeFile(join(root, sha256.slice(0, 2), 'notes.txt'), 'not a blob')
    await utimes(join(root, sha256.slice(0, 2), 'notes.txt'), 1_000, 1_000)
    await utimes(path, new Date(), new Date())
    assert.equal(await sweep(nothing), 0)
    assert.equal(await blobs.has(sha256), true)
    await age()
    assert.equal(await sweep(nothing), 1)
    assert.deepEqual(await readdir(join(root, sha256.slice(0, 2))), ['notes.txt'])
  })

  it('keeps a blob that is put again after it was looked at', async (test) => {
    const { blobs, sweep } = await setUp(test)
    let asked = 0
    const putWhenAsked = async () => {
      asked += 1
      if (asked === 1) await blobs.put(bytes)
      return new Set<string>()
    }
    assert.equal(await sweep(putWhenAsked), 0)
    assert.deepEqual(Buffer.from(await blobs.get(sha256)), bytes)
  })

  it('keeps a blob that is put again after it was moved away', async (test) => {
    const { blobs, sweep } = await setUp(test)
    let asked = 0
    const putWhenAskedAgain = async () => {
      asked += 1
      if (asked === 2) await blobs.put(bytes)
      return new Set<string>()
    }
    await sweep(putWhenAskedAgain)
    assert.equal(asked, 2)
    assert.deepEqual(Buffer.from(await blobs.get(sha256)), bytes)
  })

  it('brings a blob back that something refers to by then, or when nobody can say', async (test) => {
    const { blobs, age, sweep } = await setUp(test)
    const answers = [new Set<string>(), new Set([sha256])]
    assert.equal(await sweep(() => Promise.resolve(answers.shift() ?? new Set<string>())), 0)
    assert.equal(await blobs.has(sha256), true)
    await age()
    let asked = 0
    const down = () => ((asked += 1) === 1 ? nothing() : Promise.reject(new Error('the database is away')))
    await assert.rejects(sweep(down), /the database is away/)
    assert.equal(await blobs.has(sha256), true)
  })

  it('brings back what a killed sweep has left in the trash, whatever it is', async (test) => {
    const { path, trash, blobs, sweep } = await setUp(test)
    await mkdir(join(trash, 'killed'), { recursive: true })
    await rename(path, join(trash, 'killed', sha256))
    await sweep(nothing)
    assert.equal(await blobs.has(sha256), false, 'another sweep may be at it')
    await utimes(join(trash, 'killed'), 1_000, 1_000)
    assert.equal(await sweep(nothing), 0)
    assert.deepEqual(await readdir(trash), [])
    assert.deepEqual(Buffer.from(await blobs.get(sha256)), bytes)
  })

  it('loses nothing that is put while several sweeps go on', async (test) => {
    const { url, blobs, age, sweep } = await setUp(test)
    const others = [blobs, openBlobs(url)]
    for (let round = 0; round < 60; round += 1) {
      await blobs.put(bytes)
      await age()
      await Promise.all([sweep(nothing), ...others.map((store) => store.put(bytes)), sweep(nothing)])
      assert.deepEqual(Buffer.from(await blobs.get(sha256)), bytes, `round ${round}`)
    }
  })
})
