import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { fileInTarball } from './titles-archive.ts'

interface Source {
  readonly name: string
  readonly content: string
}

/** A tar archive as POSIX describes it, written independently of the reader. */
function tarOf(files: readonly Source[], cut = 0): Uint8Array {
  const parts = files.flatMap(({ name, content }) => {
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write('0000644\0', 100)
    header.write(`${Buffer.byteLength(content).toString(8).padStart(11, '0')}\0`, 124)
    header.write('0', 156)
    header.write('ustar\0', 257)
    const padding = Buffer.alloc((512 - (Buffer.byteLength(content) % 512)) % 512)
    return [header, Buffer.from(content), padding]
  })
  const tar = Buffer.concat([...parts, Buffer.alloc(1024)])
  return new Uint8Array(gzipSync(tar.subarray(0, tar.length - cut)))
}

const files = [
  { name: 'package/package.json', content: '{}' },
  { name: 'package/empty', content: '' },
  { name: 'package/CHANGELOG.md', content: 'ö'.repeat(700) },
]

test('a file is found by its whole name, behind others of any length', () => {
  const found = fileInTarball(tarOf(files), 'package/CHANGELOG.md')
  assert.equal(new TextDecoder().decode(found), 'ö'.repeat(700))
  assert.equal(fileInTarball(tarOf(files), 'package/empty')?.length, 0)
})

test('what is not there, or is cut off, is not found', () => {
  assert.equal(fileInTarball(tarOf(files), 'CHANGELOG.md'), undefined)
  assert.equal(fileInTarball(tarOf(files, 1024 + 512), 'package/CHANGELOG.md'), undefined)
  assert.equal(fileInTarball(new Uint8Array(gzipSync(Buffer.alloc(2048, 'x'))), 'package/CHANGELOG.md'), undefined)
})
