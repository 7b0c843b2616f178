import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ServiceUnavailable } from '../../domain/errors.ts'

/** Whether this is the name of a blob: 64 lower-case hexadecimal digits. */
export const isDigest = (name: string): boolean => /^[0-9a-f]{64}$/.test(name)

/** The folder behind a `file:` URL. @throws TypeError for any other URL. */
export function rootOf(url: string): string {
  const parsed = new URL(url)
  if (parsed.protocol !== 'file:') throw new TypeError('blobs are kept in a folder: the URL must begin with file:')
  return fileURLToPath(parsed)
}

/** Where a blob is. @throws TypeError when `sha256` is no digest. */
export function pathIn(root: string, sha256: string): string {
  if (!isDigest(sha256)) throw new TypeError('a blob is named by 64 lower-case hexadecimal digits')
  return join(root, sha256.slice(0, 2), sha256)
}

/** The code of a system error, such as `ENOENT`. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** What `step` gives, or `undefined` when the file is not there. */
export async function unlessGone<T>(step: Promise<T>): Promise<T | undefined> {
  try {
    return await step
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** A file system error without its message, which names paths of this machine. */
export function unavailable(error: unknown): unknown {
  const code = codeOf(error)
  return code === undefined || error instanceof ServiceUnavailable
    ? error
    : new ServiceUnavailable('the blob store', code)
}
