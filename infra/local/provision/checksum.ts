import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { LocalProblem } from '../problem.ts'

/** The SHA-256 of a file, in lower-case hex. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

const stampOf = (file: string) => `${file}.verified`

/** What identifies a file's content cheaply: it was hashed once, and since then has neither changed size nor time. */
async function fingerprint(file: string, sha256: string | undefined): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined)
  return found?.isFile() && found.size > 0 ? `${sha256 ?? 'unpinned'} ${found.size} ${found.mtimeMs}` : undefined
}

/** Whether `verify` accepted this very file earlier; costs two file-system calls. */
export async function isVerified(file: string, sha256: string | undefined): Promise<boolean> {
  const [now, then] = await Promise.all([
    fingerprint(file, sha256),
    readFile(stampOf(file), 'utf8').catch(() => undefined),
  ])
  return now !== undefined && now === then
}

export interface Verification {
  /** Lower-case hex; `undefined` where no pin is known for this platform: then only the size is checked, and that is said. */
  readonly sha256: string | undefined
  readonly what: string
  readonly say: (line: string) => void
}

/**
 * Accepts `file` only if it is what was pinned, and remembers that beside it.
 * @throws LocalProblem when it is empty or another file; it is deleted then, so that the next start fetches it again.
 */
export async function verify(file: string, expected: Verification): Promise<void> {
  if (await isVerified(file, expected.sha256)) return
  const size = (await stat(file)).size
  const found = expected.sha256 === undefined ? undefined : await sha256Of(file)
  if (size === 0 || found !== expected.sha256) {
    await rm(file, { force: true })
    throw new LocalProblem(
      `${expected.what} is not the file that was pinned (SHA-256 ${found ?? 'of an empty file'}, expected ${expected.sha256 ?? 'some bytes'})`,
      'it was deleted; run the command again, and check the package index if it happens twice',
    )
  }
  if (expected.sha256 === undefined)
    expected.say(`${expected.what}: no checksum is pinned for this platform; only its size was checked`)
  await writeFile(stampOf(file), (await fingerprint(file, expected.sha256)) ?? '')
}
