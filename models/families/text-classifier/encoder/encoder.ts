import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelNotReady } from '../../../../domain/errors.ts'
import type { Backbone } from '../../../encoder-head/dataset.ts'
import { minilm, minilmSha256 } from '../../../networks/minilm.ts'
import { readSafetensors } from '../../../safetensors.ts'
import type { Asset } from '../../../runtime/assets.ts'
import type { Tensorflow } from '../../../tensorflow.ts'
import { runEncoder } from './run-encoder.ts'
import { wordPieceTokenizer } from './tokenizer.ts'

/** A frozen network that turns texts into numbers. */
export interface TextBackbone extends Backbone {
  /** @returns one unit vector of `width` numbers per text, in the order of the texts. */
  embed(texts: readonly string[]): Promise<readonly Float32Array[]>
}

const maxTokens = 128
/** Texts in one batch: more gain nothing, and the attention of a long text needs memory. */
const maxTexts = 32

async function readChecked(folder: string, name: string, sha256: string): Promise<Uint8Array> {
  const bytes = await readFile(join(folder, name)).catch((error: unknown) => {
    throw new ModelNotReady(`${name} of the text encoder is not where TEXT_ENCODER says`, { cause: error })
  })
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256)
    throw new ModelNotReady(`${name} of the text encoder has the digest ${found.slice(0, 12)}…, not the pinned one`)
  return new Uint8Array(bytes)
}

/**
 * @param folder holds `model.safetensors` and `vocab.txt` of all-MiniLM-L6-v2.
 * @throws ModelNotReady when they cannot be read, or are other files.
 */
export async function openTextBackbone(tensorflow: Tensorflow, folder: string): Promise<TextBackbone> {
  const [weights, vocabulary] = await Promise.all([
    readChecked(folder, 'model.safetensors', minilmSha256.weights),
    readChecked(folder, 'vocab.txt', minilmSha256.vocabulary),
  ])
  const network = minilm(readSafetensors(weights))
  const tokenizer = wordPieceTokenizer(new TextDecoder().decode(vocabulary), { maxTokens })
  const running = runEncoder(tensorflow, network)
  return {
    name: network.name,
    sha256: minilmSha256.weights,
    cuts: ['mean'],
    width: network.width,
    embed: async (texts) => {
      const encoded = texts.map((text, index) => ({ index, ids: tokenizer.encode(text) }))
      // Texts of one length share a batch, so that little padding is computed.
      const sorted = encoded.toSorted((one, other) => one.ids.length - other.ids.length)
      const rows = new Array<Float32Array>(texts.length)
      for (let at = 0; at < sorted.length; at += maxTexts) {
        const batch = sorted.slice(at, at + maxTexts)
        const vectors = await running.run(batch.map(({ ids }) => ids))
        for (const [place, { index }] of batch.entries()) rows[index] = vectors[place] ?? new Float32Array()
      }
      return rows
    },
  }
}

/** The text encoder: one copy of its weights, however many versions are served. */
export const textEncoder: Asset<TextBackbone> = {
  name: 'the text encoder',
  variable: 'TEXT_ENCODER',
  cached: 'all-minilm-l6-v2',
  open: ({ tensorflow, place }) => openTextBackbone(tensorflow, place),
}
