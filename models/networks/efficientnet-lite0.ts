import { WeightsUnreadable, type Weight } from '../pytorch/pytorch-file.ts'
import type { Convolution, Network, Operation } from './network.ts'

/** SHA-256 of `efficientnet-lite0-57934424.pth` (ImageNet, Apache-2.0). */
export const efficientnetLite0Sha256 = '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db'

interface Stage {
  readonly repeats: number
  readonly stride: 1 | 2
  readonly expansion: 1 | 6
}

/** EfficientNet-Lite0: kernels and widths are the weights' own, so repeats, first stride and expansion are all that is left. */
const stages: readonly Stage[] = [
  { repeats: 1, stride: 1, expansion: 1 },
  { repeats: 2, stride: 2, expansion: 6 },
  { repeats: 2, stride: 2, expansion: 6 },
  { repeats: 3, stride: 2, expansion: 6 },
  { repeats: 3, stride: 1, expansion: 6 },
  { repeats: 4, stride: 2, expansion: 6 },
  { repeats: 1, stride: 1, expansion: 6 },
]

const blocks = stages.flatMap((stage) =>
  Array.from({ length: stage.repeats }, (_, repeat) => ({
    stride: repeat === 0 ? stage.stride : 1,
    expansion: stage.expansion,
  })),
)

const batchNormEpsilon = 1e-3

type Weights = ReadonlyMap<string, Weight>

function find(weights: Weights, name: string): Weight {
  const weight = weights.get(name)
  if (weight === undefined) throw new WeightsUnreadable(`${name} is not there`)
  return weight
}

const sizeAt = (weight: Weight, axis: number): number => weight.shape[axis] ?? 1

/** PyTorch's [out, in, height, width] as TensorFlow's [height, width, in, out], each output scaled. */
function permute(weight: Weight, scale: Float32Array): Weight {
  const [out, inside, height, width] = [0, 1, 2, 3].map((axis) => sizeAt(weight, axis)) as [
    number,
    number,
    number,
    number,
  ]
  const area = height * width
  const values = new Float32Array(weight.values.length)
  for (let output = 0; output < out; output += 1)
    for (let input = 0; input < inside; input += 1)
      for (let place = 0; place < area; place += 1)
        values[(place * inside + input) * out + output] =
          (weight.values[(output * inside + input) * area + place] ?? 0) * (scale[output] ?? 0)
  return { shape: [height, width, inside, out], values }
}

/** Scale and bias of a batch normalisation at inference: y = x·γ/√(σ²+ε) + (β − μ·γ/√(σ²+ε)). */
function normalisationOf(weights: Weights, name: string) {
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => find(weights, `${name}.${part}`).values,
  ) as [Float32Array, Float32Array, Float32Array, Float32Array]
  const scale = gamma.map((value, index) => value / Math.sqrt((variance[index] ?? 0) + batchNormEpsilon))
  const bias = beta.map((value, index) => value - (mean[index] ?? 0) * (scale[index] ?? 0))
  return { scale, bias: { shape: [bias.length], values: bias } }
}

interface ConvolutionPlan extends Pick<Convolution, 'kind' | 'name' | 'from' | 'stride' | 'activation'> {
  readonly weights: readonly [convolution: string, normalisation: string]
}

function convolution(weights: Weights, { weights: names, ...plan }: ConvolutionPlan): Convolution {
  const { scale, bias } = normalisationOf(weights, names[1])
  const filter = permute(find(weights, `${names[0]}.weight`), scale)
  const [height = 0, width = 0, , out = 0] = filter.shape
  // A depthwise filter has one input per output: [h, w, 1, channels] holds the same numbers as [h, w, channels, 1].
  return { ...plan, bias, filter: plan.kind === 'depthwise' ? { ...filter, shape: [height, width, out, 1] } : filter }
}

function blockOperations(weights: Weights, index: number, from: string): readonly Operation[] {
  const { stride, expansion } = blocks[index] ?? { stride: 1, expansion: 1 }
  const name = (part: string) => `block${index}/${part}`
  const of = (conv: string, norm: string) => [`_blocks.${index}.${conv}`, `_blocks.${index}.${norm}`] as const
  const relu6 = { activation: 'relu6' } as const
  const expand: ConvolutionPlan = {
    kind: 'convolution',
    name: name('expand'),
    from,
    stride: 1,
    weights: of('_expand_conv', '_bn0'),
    ...relu6,
  }
  const wide = expansion === 1 ? from : expand.name
  const depthwise: ConvolutionPlan = {
    kind: 'depthwise',
    name: name('depthwise'),
    from: wide,
    stride,
    weights: of('_depthwise_conv', '_bn1'),
    ...relu6,
  }
  const project = convolution(weights, {
    kind: 'convolution',
    name: name('project'),
    from: depthwise.name,
    stride: 1,
    weights: of('_project_conv', '_bn2'),
    activation: 'linear',
  })
  const narrow = expansion === 1 ? undefined : convolution(weights, expand)
  const inside = narrow ? sizeAt(narrow.filter, 2) : undefined
  const residual = stride === 1 && inside === sizeAt(project.filter, 3)
  return [
    ...(narrow ? [narrow] : []),
    convolution(weights, depthwise),
    project,
    ...(residual ? [{ kind: 'add', name: name('add'), from: project.name, and: from } as const] : []),
  ]
}

function classifier(weights: Weights): Operation {
  const { shape, values } = find(weights, '_fc.weight')
  const [out = 0, inside = 0] = shape
  const matrix = new Float32Array(values.length)
  for (let output = 0; output < out; output += 1)
    for (let input = 0; input < inside; input += 1) matrix[input * out + output] = values[output * inside + input] ?? 0
  return {
    kind: 'dense',
    name: 'classes',
    from: 'head',
    matrix: { shape: [inside, out], values: matrix },
    bias: find(weights, '_fc.bias'),
  }
}

/**
 * EfficientNet-Lite0 (Tan and Le 2019, without squeeze-and-excitation, ReLU6) with batch normalisation folded into its
 * weights. Outputs: `head` (1280 features), `block11` (672, the expansion of block 11) and `classes` (1000, ImageNet).
 * @throws WeightsUnreadable when a weight is missing.
 */
export function efficientnetLite0(weights: Weights): Network {
  const relu6 = { kind: 'convolution', activation: 'relu6' } as const
  const operations: Operation[] = [
    convolution(weights, { ...relu6, name: 'stem', from: 'input', stride: 2, weights: ['_conv_stem', '_bn0'] }),
  ]
  const last = () => operations.at(-1)?.name ?? 'input'
  for (const index of blocks.keys()) operations.push(...blockOperations(weights, index, last()))
  operations.push(
    convolution(weights, {
      ...relu6,
      name: 'head-convolution',
      from: last(),
      stride: 1,
      weights: ['_conv_head', '_bn1'],
    }),
    { kind: 'global-mean', name: 'head', from: 'head-convolution' },
    { kind: 'global-mean', name: 'block11', from: 'block11/expand' },
    classifier(weights),
  )
  return {
    name: 'efficientnet-lite0',
    input: { size: 224, offset: 127, scale: 128 },
    operations,
    outputs: {
      head: { operation: 'head', features: 1280 },
      block11: { operation: 'block11', features: 672 },
      classes: { operation: 'classes', features: 1000 },
    },
  }
}
