import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ModelNotReady } from '../../domain/errors.ts'
import { openTensorflow } from '../tensorflow.ts'
import { type Asset, openAssets } from './assets.ts'

const readsPlace = (more: Partial<Asset<{ readonly place: string }>> = {}): Asset<{ readonly place: string }> => ({
  name: 'the dictionary',
  variable: 'DICTIONARY',
  cached: 'words.txt',
  open: ({ place }) => Promise.resolve({ place }),
  ...more,
})

describe('the assets of a process', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assets-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))
  const opened = (configured: Readonly<Record<string, string>> = {}) =>
    openAssets({
      tensorflow: () => openTensorflow('auto'),
      places: { configured: (variable) => configured[variable], cache: folder },
      limits: { maxBatch: 1, maxDelayMs: 0 },
    })

  it('says which variable and which download are missing, and finds what has come meanwhile', async () => {
    const assets = opened()
    const dictionary = readsPlace()
    assert.throws(
      () => assets.placeOf(dictionary),
      (error) =>
        error instanceof ModelNotReady &&
        /the dictionary: DICTIONARY is not set, and words\.txt is not in the cache.*npm start/.test(error.message),
    )
    await assert.rejects(assets.open(dictionary), /DICTIONARY is not set/)
    await writeFile(join(folder, 'words.txt'), 'a')
    assert.deepEqual(await assets.open(dictionary), { place: join(folder, 'words.txt') })
  })

  it('takes the place that is configured, and says so when nothing is there', async () => {
    const place = join(folder, 'own.txt')
    const assets = opened({ DICTIONARY: place })
    assert.throws(() => assets.placeOf(readsPlace()), /nothing is where DICTIONARY says/)
    await writeFile(place, 'a')
    assert.equal(assets.placeOf(readsPlace()), place)
  })

  it('opens each once, however many ask, and closes what was opened', async () => {
    await writeFile(join(folder, 'words.txt'), 'a')
    const closed: string[] = []
    const dictionary = readsPlace({ close: ({ place }) => Promise.resolve(void closed.push(place)) })
    const assets = opened()
    assert.equal(await assets.open(dictionary), await assets.open(dictionary))
    await assets.close()
    assert.deepEqual(closed, [join(folder, 'words.txt')])
  })
})
