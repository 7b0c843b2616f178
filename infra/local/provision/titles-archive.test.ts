import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { fileInTarball } from './titles-archive.ts'

interface Source {
  readonly name: string
  readonly content: string
}

const folder = await temporaryFolder('tar-test')

async function archive(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar\0', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** A tar archive as POSIX describes it, written independently of the reader. */
function tarOf(files: readonly Source[], cut = 0): Uint8Array {
  const parts = files.flatMap(({ name, content }) => {
    const size = Buffer.byteLength(content)
    return [headerOf(name, size), Buffer.from(content), Buffer.alloc((512 - (size % 512)) % 512)]
  })
  const tar = Buffer.concat([...parts, Buffer.alloc(1024)])
  return gzipSync(tar.subarray(0, tar.length - cut))
}

const files = [
  { name: 'package/package.json', content: '{}' },
  { name: 'package/empty', content: '' },
  { name: 'package/CHANGELOG.md', content: 'ö'.repeat(700) },
]

test('a file is found by its whole name, behind others of any length', async () => {
  const path = await archive('whole.tgz', tarOf(files))
  const found = await fileInTarball(path, 'package/CHANGELOG.md')
  assert.equal(new TextDecoder().decode(found), 'ö'.repeat(700))
  assert.equal((await fileInTarball(path, 'package/empty'))?.length, 0)
})

test('what is not there is not found', async () => {
  const path = await archive('whole.tgz', tarOf(files))
  assert.equal(await fileInTarball(path, 'CHANGELOG.md'), undefined)
})

test('an archive that is cut off, or is none, is refused with a next step', async () => {
  const refused = { code: 'LocalProblem', next: /will be fetched anew/ }
  const cut = await archive('cut.tgz', tarOf(files, 1024 + 512))
  await assert.rejects(fileInTarball(cut, 'package/CHANGELOG.md'), refused)
  const words = await archive('words.tgz', gzipSync(Buffer.alloc(2048, 'x')))
  await assert.rejects(fileInTarball(words, 'package/CHANGELOG.md'), refused)
  const page = await archive('page.tgz', Buffer.from('<html>log in</html>'))
  await assert.rejects(fileInTarball(page, 'package/CHANGELOG.md'), refused)
})
