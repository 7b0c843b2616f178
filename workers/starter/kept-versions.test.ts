import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { keepVersion, keptVersionFolder, readKeptVersion } from './kept-versions.ts'

const bot = { name: 'fedora-finder', labels: [{ id: 'fedora', words: 'fedora' }] }
const making = {
  bot,
  slot: { name: 'main' },
  backend: 'native',
  sources: ['models/families/picture-classifier/picture-classifier.ts'],
}

const files = { 'weights.bin': new Uint8Array([1, 2, 3]), 'card.md': new TextEncoder().encode('# card') }

test('a kept version comes back as it was, and only the newest of a bot are kept', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'kept-'))
  try {
    const folder = await keptVersionFolder(cache, making)
    assert.equal(await readKeptVersion(folder), undefined)
    await keepVersion(folder, files)
    await keepVersion(folder, files)
    assert.deepEqual(await readKeptVersion(folder), files)
    for (let index = 0; index < 5; index += 1)
      await keepVersion(join(cache, 'starter', `pets-${'0'.repeat(15)}${index}`), files)
    const names = await readdir(join(cache, 'starter'))
    assert.equal(names.filter((name) => name.startsWith('pets-')).length, 3)
    assert.equal(names.length, 4)
  } finally {
    await rm(cache, { recursive: true })
  }
})

test('another backend, slot, cut, label or source is another version', async () => {
  const others = [
    making,
    { ...making, backend: 'wasm' },
    { ...making, slot: { name: 'deep' } },
    { ...making, slot: { name: 'main', cuts: ['head'] } },
    { ...making, bot: { ...bot, labels: [{ id: 'trilby', words: 'trilby' }] } },
    { ...making, sources: ['workers/starter/placed.ts'] },
  ]
  const folders = await Promise.all(others.map((one) => keptVersionFolder('cache', one)))
  assert.equal(new Set(folders).size, others.length)
})
