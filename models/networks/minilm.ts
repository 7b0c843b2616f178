import { WeightsUnreadable, type Weight } from '../pytorch/pytorch-file.ts'

/*
 * A BERT encoder (Devlin et al. 2019) as data: what is computed, apart from how. Texts are lists of token ids; every layer reads
 * and writes [texts, tokens, width].
 */

/** SHA-256 of all-MiniLM-L6-v2's `model.safetensors` and `vocab.txt` (Apache-2.0). */
export const minilmSha256 = {
  weights: '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db',
  vocabulary: '07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3',
} as const

/** `x · matrix + bias`; the matrix is [in, out]. */
export interface Projection {
  readonly matrix: Weight
  readonly bias: Weight
}

/** `(x − mean) / √(variance + ε) · scale + shift` over the last axis. */
export interface Normalisation {
  readonly scale: Weight
  readonly shift: Weight
}

export interface EncoderLayer {
  /** Query, key and value beside each other: [width, 3 · width]. */
  readonly attention: Projection
  readonly attentionOutput: Projection
  readonly attentionNormalisation: Normalisation
  /** [width, inner], followed by GELU (with erf). */
  readonly inner: Projection
  readonly output: Projection
  readonly outputNormalisation: Normalisation
}

export interface TextNetwork {
  readonly name: string
  readonly width: number
  readonly heads: number
  /** The ε of every normalisation. */
  readonly epsilon: number
  /** [tokens of the vocabulary, width]. */
  readonly words: Weight
  /** [positions, width], the one token type added to each. */
  readonly positions: Weight
  readonly normalisation: Normalisation
  readonly layers: readonly EncoderLayer[]
}

type Weights = ReadonlyMap<string, Weight>

const width = 384
const layerCount = 6

function find(weights: Weights, name: string): Weight {
  const weight = weights.get(name)
  if (weight === undefined) throw new WeightsUnreadable(`${name} is not there`)
  return weight
}

/** PyTorch's [out, in] matrices, beside each other as one [in, Σ out]. */
function projection(weights: Weights, names: readonly string[]): Projection {
  const parts = names.map((name) => find(weights, `${name}.weight`))
  const inside = parts[0]?.shape[1] ?? 0
  const outs = parts.map(({ shape }) => shape[0] ?? 0)
  const all = outs.reduce((sum, out) => sum + out, 0)
  const values = new Float32Array(inside * all)
  let from = 0
  for (const [part, { values: stored }] of parts.entries()) {
    const out = outs[part] ?? 0
    for (let output = 0; output < out; output += 1)
      for (let input = 0; input < inside; input += 1)
        values[input * all + from + output] = stored[output * inside + input] ?? 0
    from += out
  }
  const bias = Float32Array.from(names.flatMap((name) => [...find(weights, `${name}.bias`).values]))
  return { matrix: { shape: [inside, all], values }, bias: { shape: [all], values: bias } }
}

const normalisation = (weights: Weights, name: string): Normalisation => ({
  scale: find(weights, `${name}.LayerNorm.weight`),
  shift: find(weights, `${name}.LayerNorm.bias`),
})

function layer(weights: Weights, index: number): EncoderLayer {
  const at = (part: string) => `encoder.layer.${index}.${part}`
  return {
    attention: projection(
      weights,
      ['query', 'key', 'value'].map((part) => at(`attention.self.${part}`)),
    ),
    attentionOutput: projection(weights, [at('attention.output.dense')]),
    attentionNormalisation: normalisation(weights, at('attention.output')),
    inner: projection(weights, [at('intermediate.dense')]),
    output: projection(weights, [at('output.dense')]),
    outputNormalisation: normalisation(weights, at('output')),
  }
}

/** A text is one segment, so the type that every token has is added to the positions once and for all. */
function positionsOf(weights: Weights): Weight {
  const positions = find(weights, 'embeddings.position_embeddings.weight')
  const type = find(weights, 'embeddings.token_type_embeddings.weight').values
  return { shape: positions.shape, values: positions.values.map((value, index) => value + (type[index % width] ?? 0)) }
}

/**
 * all-MiniLM-L6-v2: six layers, 384 wide, twelve heads, 1536 inner.
 * @throws WeightsUnreadable when a weight is missing.
 */
export function minilm(weights: Weights): TextNetwork {
  return {
    name: 'all-minilm-l6-v2',
    width,
    heads: 12,
    epsilon: 1e-12,
    words: find(weights, 'embeddings.word_embeddings.weight'),
    positions: positionsOf(weights),
    normalisation: normalisation(weights, 'embeddings'),
    layers: Array.from({ length: layerCount }, (_, index) => layer(weights, index)),
  }
}
