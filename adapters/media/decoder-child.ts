import { InputRefused } from '../../domain/errors.ts'
import type { RefusalCode } from '../../domain/refusals.ts'
import { lockDownSharp, normalisePicture, type DecodedPicture } from './normalise-picture.ts'

/** What the child says: once that it is ready, then one answer per picture. */
export type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'decoded'; readonly picture: DecodedPicture }
  | { readonly kind: 'refused'; readonly refusal: RefusalCode }

async function answer(bytes: Uint8Array): Promise<FromChild> {
  try {
    return { kind: 'decoded', picture: await normalisePicture(bytes) }
  } catch (error) {
    return { kind: 'refused', refusal: error instanceof InputRefused ? error.refusal : 'unreadable' }
  }
}

// A hostile picture may keep a thread of libvips busy, and an ordinary exit would wait for it.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
// Ctrl-C reaches the whole process group; the parent decides when its decoder ends.
process.on('SIGINT', () => undefined)
process.on('message', (bytes: Uint8Array) => {
  void answer(bytes).then((said) => process.send?.(said))
})
lockDownSharp()
process.send?.({ kind: 'ready' } satisfies FromChild)
