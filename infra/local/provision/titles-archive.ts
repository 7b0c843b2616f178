import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import * as tar from 'tar-stream'
import { LocalProblem, reasonOf } from '../problem.ts'

/**
 * One file of a gzipped tar archive.
 * @returns its bytes, or `undefined` when the archive does not hold it.
 * @throws LocalProblem when it is not such an archive or is cut off.
 */
export async function fileInTarball(archive: string, name: string): Promise<Uint8Array | undefined> {
  const entries = tar.extract()
  try {
    const unpacking = pipeline(createReadStream(archive), createGunzip(), entries)
    // Its failure is the failure of reading the entries, and an early end is none.
    unpacking.catch(() => undefined)
    for await (const entry of entries) {
      if (entry.header.name === name) return await buffer(entry)
      entry.resume()
    }
    return undefined
  } catch (error) {
    throw new LocalProblem(
      `${archive} cannot be read as a gzipped tar archive: ${reasonOf(error)}`,
      'run the command again: it will be fetched anew',
      { cause: error },
    )
  }
}
