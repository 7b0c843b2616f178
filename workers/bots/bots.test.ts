import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { refusalCodes } from '../../domain/refusals.ts'
import { families } from '../../models/families/index.ts'
import { botsFolder, BotsInvalid, loadBots } from './bots.ts'

const faultsOf = async (folder: string): Promise<readonly string[]> => {
  try {
    await loadBots(families, folder)
  } catch (error) {
    assert.ok(error instanceof BotsInvalid)
    return error.faults
  }
  return []
}

describe('the bots of the repository', () => {
  it('load, each with words for everything that it can have to say', async () => {
    const bots = await loadBots(families)
    const [finder] = bots.filter(({ name }) => name === 'fedora-finder')
    assert.deepEqual(
      finder?.labels.map(({ id }) => id),
      ['fedora', 'no-fedora'],
    )
    assert.equal(finder.words.answer, '{label}: {percent} % likely')
    assert.match(finder.words.notKnown, /only seen drawings/)
    for (const { words } of bots) assert.deepEqual(Object.keys(words.refusals).toSorted(), refusalCodes.toSorted())
  })
})

describe('a folder of bots', () => {
  let folder = ''
  const bot = async (name: string, files: Readonly<Record<string, string>>) => {
    await mkdir(join(folder, name), { recursive: true })
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, name, file), text)
  }
  const good = `name: mine
channels: [slack]
family: picture-classifier
labels: [{ id: a, words: an A }, { id: b, words: a B }]
policy: primary-then-best
`
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bots-'))
    await cp(join(botsFolder, 'words.yaml'), join(folder, 'words.yaml'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('knows for how long one of a quorum must be known: strangers on X for a day, members of a workspace not at all', async () => {
    await bot('mine', { 'bot.yaml': good })
    assert.deepEqual((await loadBots(families, folder))[0]?.corrections.knownForMs, {
      slack: 0,
      x: 86_400_000,
      http: 0,
    })
    await bot('mine', { 'bot.yaml': `${good}knownFor: { slack: 2h }\n` })
    assert.deepEqual((await loadBots(families, folder))[0]?.corrections.knownForMs, {
      slack: 7_200_000,
      x: 86_400_000,
      http: 0,
    })
    await bot('mine', { 'bot.yaml': `${good}knownFor: { x: a day }\n` })
    assert.match((await faultsOf(folder)).join(), /knownFor\.x: must be a number/)
  })

  it('takes a bot with a bot.yaml and the common words, and skips folders without one', async () => {
    await bot('mine', { 'bot.yaml': good })
    await bot('notes', { 'README.md': 'nothing' })
    const bots = await loadBots(families, folder)
    assert.deepEqual(
      bots.map(({ name }) => name),
      ['mine'],
    )
  })

  it('takes slots with the cuts that their versions read, and refuses two of one name or none at all', async () => {
    const slots = (text: string) => bot('mine', { 'bot.yaml': `${good}slots: ${text}\n` })
    await slots('[{ name: head, cuts: [head] }, { name: deep, cuts: [block11, head] }]')
    const [mine] = await loadBots(families, folder)
    assert.deepEqual(mine?.slots, [
      { name: 'head', cuts: ['head'] },
      { name: 'deep', cuts: ['block11', 'head'] },
    ])
    await slots('[{ name: head }, { name: head }]')
    assert.deepEqual(await faultsOf(folder), ['mine/bot.yaml: slots: must not repeat a name'])
    await slots('[]')
    assert.equal((await faultsOf(folder)).length, 1)
  })

  it('puts a bot’s own words over the common ones, one by one', async () => {
    await bot('mine', { 'bot.yaml': good, 'words.yaml': 'refusals: { gone: Too late. }\n' })
    const [mine] = await loadBots(families, folder)
    assert.equal(mine?.words.refusals.gone, 'Too late.')
    assert.match(mine.words.refusals['too-large'], /too big/)
  })

  it('puts a bot’s own opt-out words in the place of the common ones, and refuses a bot that cannot be told to stop', async () => {
    await bot('mine', { 'bot.yaml': good, 'words.yaml': 'optOut: { stop: [halt] }\n' })
    const [mine] = await loadBots(families, folder)
    assert.deepEqual(mine?.words.optOut.stop, ['halt'])
    assert.ok(mine.words.optOut.start.includes('start'))
    await bot('mine', { 'words.yaml': 'optOut: { stop: [] }\n' })
    assert.match((await faultsOf(folder)).join(), /words\.yaml: optOut\.stop/)
  })

  it('tells every fault of every file at once, with its file and key', async () => {
    await bot('mine', { 'bot.yaml': good.replace('[slack]', '[fax]').replace('id: b', 'id: a') })
    await bot('other', { 'bot.yaml': good, 'words.yaml': 'answer: "{secret}"\nmood: cheerful\n' })
    const faults = await faultsOf(folder)
    for (const expected of [
      /^mine\/bot\.yaml: channels\.0: /,
      /^mine\/bot\.yaml: labels: must not repeat an id/,
      /^other\/bot\.yaml: name: must be the folder's name, other/,
      /^other\/words\.yaml: answer: may use only \{label\}/,
      /^other\/words\.yaml: .*mood/,
    ])
      assert.ok(
        faults.some((fault) => expected.test(fault)),
        `${expected.source} is missing in ${faults.join(' | ')}`,
      )
  })

  it('names the line that is not YAML', async () => {
    await bot('mine', { 'bot.yaml': 'name: mine\nlabels: [a\n' })
    assert.match((await faultsOf(folder))[0] ?? '', /^mine\/bot\.yaml: line \d+: is not YAML/)
  })

  it('says so when there is no bot, or when the common words are missing', async () => {
    assert.match((await faultsOf(folder))[0] ?? '', /there is no bot/)
    await rm(join(folder, 'words.yaml'))
    assert.match((await faultsOf(folder))[0] ?? '', /^words\.yaml: is not there/)
  })
})
