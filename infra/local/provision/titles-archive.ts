import { gunzipSync } from 'node:zlib'

const block = 512

const text = (bytes: Uint8Array, from: number, length: number): string =>
  new TextDecoder().decode(bytes.subarray(from, from + length)).replace(/\0.*$/s, '')

/**
 * One regular file of a gzipped tar archive (POSIX ustar: headers of 512 bytes, sizes in octal, contents padded to 512).
 * @returns its bytes, or `undefined` when the archive does not hold it or ends within it.
 */
export function fileInTarball(archive: Uint8Array, name: string): Uint8Array | undefined {
  const bytes = new Uint8Array(gunzipSync(archive))
  for (let at = 0; at + block <= bytes.length;) {
    const size = Number.parseInt(text(bytes, at + 124, 12).trim(), 8)
    if (!Number.isSafeInteger(size) || size < 0) return undefined
    const start = at + block
    if (text(bytes, at, 100) === name)
      return start + size <= bytes.length ? bytes.slice(start, start + size) : undefined
    at = start + Math.ceil(size / block) * block
  }
  return undefined
}
