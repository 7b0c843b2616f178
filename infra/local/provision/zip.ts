import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as yauzl from 'yauzl'
import { LocalProblem, reasonOf } from '../problem.ts'

/**
 * Unpacks those files of a zip archive for which `targetOf` names a place, streaming, whatever their size. Sizes are checked,
 * checksums are not: what must be a certain file is compared with its pinned SHA-256.
 * @returns the names of what was unpacked.
 * @throws LocalProblem when it is not a zip archive, is cut off, holds a name that leads out of it, or cannot be unpacked.
 */
export async function unpackZip(
  archive: string,
  targetOf: (name: string) => string | undefined,
): Promise<readonly string[]> {
  try {
    const unpacked: string[] = []
    const zip = await yauzl.openPromise(archive)
    try {
      for await (const entry of zip.eachEntry()) {
        const target = targetOf(entry.fileName)
        if (target === undefined) continue
        await mkdir(dirname(target), { recursive: true })
        await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { highWaterMark: 1 << 20 }))
        unpacked.push(entry.fileName)
      }
    } finally {
      zip.close()
    }
    return unpacked
  } catch (error) {
    throw new LocalProblem(
      `${archive} cannot be read as a zip archive: ${reasonOf(error)}`,
      'run the command again: it will be fetched anew',
      { cause: error },
    )
  }
}
