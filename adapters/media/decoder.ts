import { InputRefused, ServiceUnavailable } from '../../domain/errors.ts'
import { startDecoderProcess, type Attempt, type DecoderProcess, type DecoderProcessLimits } from './decoder-process.ts'
import type { DecodedPicture } from './normalise-picture.ts'

/** Decodes hostile bytes in a child process, one picture at a time. */
export interface Decoder {
  /**
   * The normalised pixels of a picture, as the preprocessing version says. Calls queue up.
   * @throws InputRefused `not-a-picture`, `too-many-pixels`, or `unreadable`: malformed, truncated, slower than its time limit,
   * or the end of two child processes in a row.
   * @throws ServiceUnavailable when no child could be started, or the decoder is closed.
   */
  decode(bytes: Uint8Array): Promise<DecodedPicture>
  /** The process id of the child, when there is one. */
  pid(): number | undefined
  /** Ends the child. A picture in work and those queued behind it are answered with ServiceUnavailable. */
  close(): Promise<void>
}

const defaultLimits: DecoderProcessLimits = { pictureMs: 5_000, startMs: 30_000, heapMegabytes: 128 }

function pictureOf(attempt: Attempt): DecodedPicture {
  if (attempt.kind === 'decoded') return attempt.picture
  throw new InputRefused(attempt.kind === 'refused' ? attempt.refusal : 'unreadable')
}

/** A decoder whose child starts with the first picture, is replaced when it is lost, and does not keep this process alive. */
export function createDecoder(options: { readonly limits?: Partial<DecoderProcessLimits> } = {}): Decoder {
  const limits = { ...defaultLimits, ...options.limits }
  let current: DecoderProcess | undefined
  let closed = false
  let tail: Promise<unknown> = Promise.resolve()

  const isClosed = () => closed
  const assertOpen = () => {
    if (isClosed()) throw new ServiceUnavailable('the picture decoder', 'it is closed')
  }
  const attempt = async (bytes: Uint8Array): Promise<Attempt> => {
    assertOpen()
    if (!current?.isAlive()) current = await startDecoderProcess(limits)
    if (isClosed()) current.kill()
    const result = await current.decode(bytes)
    assertOpen()
    return result
  }
  const decodeNow = async (bytes: Uint8Array) => {
    const first = await attempt(bytes)
    // The child may have been killed for reasons of its own; a picture is blamed only when it ends a second one.
    return pictureOf(first.kind === 'crashed' ? await attempt(bytes) : first)
  }
  return {
    decode: (bytes) => {
      const result = tail.then(() => decodeNow(bytes))
      tail = result.catch(() => undefined)
      return result
    },
    pid: () => (current?.isAlive() ? current.pid : undefined),
    close: async () => {
      closed = true
      current?.kill()
      await tail
    },
  }
}
