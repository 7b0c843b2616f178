import { createWriteStream } from 'node:fs'
import { mkdir, open, writeFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw } from 'node:zlib'
import { LocalProblem } from '../problem.ts'

/** One file of an archive, as its central directory describes it. */
export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packedSize: number
  readonly size: number
  /** Where its local header begins, in bytes from the start of the archive. */
  readonly offset: number
}

const damaged = (file: string, why: string) =>
  new LocalProblem(`${file} cannot be read as a zip archive: ${why}`, 'run the command again: it will be fetched anew')

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** Where the central directory is; formats of APPNOTE.TXT 4.3.16 (end record) and 4.3.14–15 (zip64). */
async function findDirectory(handle: FileHandle, file: string) {
  const { size } = await handle.stat()
  const tailLength = Math.min(size, 65_557)
  const tail = await readAt(handle, size - tailLength, tailLength)
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (at < 0 || at + 22 > tail.length) throw damaged(file, 'it has no end record')
  const end = { length: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) }
  const locator = at - 20
  if (end.offset !== 0xffffffff || locator < 0 || tail.readUInt32LE(locator) !== 0x07064b50) return end
  const record = await readAt(handle, Number(tail.readBigUInt64LE(locator + 8)), 56)
  if (record.length < 56) throw damaged(file, 'its zip64 record is cut off')
  return { length: Number(record.readBigUInt64LE(40)), offset: Number(record.readBigUInt64LE(48)) }
}

/** The zip64 values of APPNOTE.TXT 4.5.3, in their fixed order, for those fields that are all ones. */
function widened(extra: Buffer, fields: readonly number[]): readonly number[] {
  let zip64: Buffer = Buffer.alloc(0)
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === 1) zip64 = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2))
  let next = 0
  return fields.map((field) =>
    field === 0xffffffff && next + 8 <= zip64.length ? Number(zip64.readBigUInt64LE((next += 8) - 8)) : field,
  )
}

function parseEntry(directory: Buffer, at: number): { readonly entry: ZipEntry; readonly next: number } {
  const nameEnd = at + 46 + directory.readUInt16LE(at + 28)
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30)
  const narrow = [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)]
  const [size = 0, packedSize = 0, offset = 0] = widened(directory.subarray(nameEnd, extraEnd), narrow)
  const entry = {
    name: directory.toString('utf8', at + 46, nameEnd),
    method: directory.readUInt16LE(at + 10),
    crc: directory.readUInt32LE(at + 16),
    packedSize,
    size,
    offset,
  }
  return { entry, next: extraEnd + directory.readUInt16LE(at + 32) }
}

/**
 * Lists an archive from its central directory.
 * @throws LocalProblem when it is not a zip archive or is cut off.
 */
export async function listZip(file: string): Promise<readonly ZipEntry[]> {
  const handle = await open(file)
  try {
    const { offset, length } = await findDirectory(handle, file)
    const directory = await readAt(handle, offset, length)
    if (directory.length !== length) throw damaged(file, 'its directory is cut off')
    const entries: ZipEntry[] = []
    for (let at = 0; at + 46 <= length && directory.readUInt32LE(at) === 0x02014b50;) {
      const { entry, next } = parseEntry(directory, at)
      entries.push(entry)
      at = next
    }
    return entries
  } finally {
    await handle.close()
  }
}

/** Passes bytes through and fails at the end unless they are as many as promised, with the promised CRC-32. */
function checked(file: string, entry: ZipEntry): Transform {
  let crc = 0
  let size = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      crc = crc32(chunk, crc)
      size += chunk.length
      done(null, chunk)
    },
    flush: (done) =>
      size === entry.size && crc === entry.crc
        ? done()
        : done(damaged(file, `${entry.name} does not match its checksum`)),
  })
}

/**
 * Unpacks one entry to `target`, streaming, whatever its size.
 * @throws LocalProblem when the entry is damaged or packed in a way other than stored or deflated.
 */
export async function extractEntry(file: string, entry: ZipEntry, target: string): Promise<void> {
  if (entry.method !== 0 && entry.method !== 8) throw damaged(file, `${entry.name} uses packing method ${entry.method}`)
  const handle = await open(file)
  try {
    const local = await readAt(handle, entry.offset, 30)
    if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50)
      throw damaged(file, `${entry.name} is not where it should be`)
    const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
    await mkdir(dirname(target), { recursive: true })
    // A read stream cannot be told to read nothing.
    if (entry.packedSize === 0) {
      await writeFile(target, '')
      return
    }
    const packed = handle.createReadStream({
      start,
      end: start + entry.packedSize - 1,
      highWaterMark: 1 << 20,
      autoClose: false,
    })
    const out = createWriteStream(target, { highWaterMark: 1 << 20 })
    if (entry.method === 0) await pipeline(packed, checked(file, entry), out)
    else await pipeline(packed, createInflateRaw({ chunkSize: 1 << 18 }), checked(file, entry), out)
  } catch (error) {
    throw error instanceof LocalProblem
      ? error
      : damaged(file, `${entry.name}: ${error instanceof Error ? error.message : 'unreadable'}`)
  } finally {
    await handle.close()
  }
}
