import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { crc32, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { unpackZip } from './zip.ts'

interface Source {
  readonly name: string
  readonly content: Buffer
  readonly stored: boolean
}

/** A zip archive as APPNOTE.TXT describes it, written independently of the reader. */
function zipOf(files: readonly Source[]): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const { name, content, stored } of files) {
    const packed = stored ? content : deflateRawSync(content)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    // Bit 11: the name is UTF-8.
    common.writeUInt16LE(1 << 11, 2)
    common.writeUInt16LE(stored ? 0 : 8, 4)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    central.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, rest, Buffer.from(name)]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

const folder = await temporaryFolder('zip-test')

async function archive(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

const files = [
  { name: 'a/packed.txt', content: Buffer.from('hello '.repeat(10_000)), stored: false },
  { name: 'b/stored.bin', content: Buffer.from([1, 2, 3]), stored: true },
  { name: 'c/empty', content: Buffer.alloc(0), stored: true },
]

test('every file of an archive comes out as it went in', async () => {
  const bytes = fc.record({ content: fc.uint8Array({ maxLength: 5000 }), stored: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { maxLength: 5 }), async (list) => {
      const sources = list.map(({ content, stored }, at) => ({
        name: `d${at}/ü`,
        content: Buffer.from(content),
        stored,
      }))
      const path = await archive('property.zip', zipOf(sources))
      const names = await unpackZip(path, (name) => join(folder, 'out', name))
      assert.deepEqual(
        names,
        sources.map(({ name }) => name),
      )
      for (const { name, content } of sources) assert.deepEqual(await readFile(join(folder, 'out', name)), content)
    }),
    { numRuns: 30 },
  )
})

test('only the files that are asked for are unpacked', async () => {
  const path = await archive('some.zip', zipOf(files))
  const target = join(folder, 'some', 'one.txt')
  const names = await unpackZip(path, (name) => (name.endsWith('/packed.txt') ? target : undefined))
  assert.deepEqual(names, ['a/packed.txt'])
  assert.deepEqual(await readdir(join(folder, 'some')), ['one.txt'])
})

test('a packed file whose bytes were changed is refused', async () => {
  const bytes = zipOf(files)
  const content = bytes.indexOf('packed.txt') + 'packed.txt'.length
  bytes.fill(0xff, content, content + 8)
  const path = await archive('changed.zip', bytes)
  await assert.rejects(
    unpackZip(path, (name) => join(folder, 'changed', name)),
    { code: 'LocalProblem' },
  )
})

test('a file that is cut off, or is no archive, is refused with a next step', async () => {
  const into = (name: string) => join(folder, 'cut', name)
  const cut = await archive('cut.zip', zipOf(files).subarray(0, -30))
  await assert.rejects(unpackZip(cut, into), { code: 'LocalProblem', next: /will be fetched anew/ })
  const page = await archive('page.zip', Buffer.from('<html>log in</html>'))
  await assert.rejects(unpackZip(page, into), /cannot be read as a zip archive/)
})

test('an archive with a name that leads out of it is refused', async () => {
  const path = await archive('out.zip', zipOf([{ name: '../out.txt', content: Buffer.from('x'), stored: true }]))
  await assert.rejects(
    unpackZip(path, (name) => join(folder, 'inside', name)),
    { code: 'LocalProblem' },
  )
})
