import type { Config } from '../../config.ts'
import type { ProvisionContext } from '../provision/context.ts'
import { provisionEncoder } from '../provision/encoder.ts'
import { provisionPostgres } from '../provision/postgres.ts'
import { provisionTemporal } from '../provision/temporal.ts'
import { provisionTensorflow } from '../provision/tensorflow/tensorflow.ts'
import type { TensorflowBackend } from '../provision/tensorflow/tensorflow.ts'
import { provisionTitles } from '../provision/titles.ts'
import { provisionWeights } from '../provision/weights.ts'

/** The native parts, each provisioned in its own time; `undefined` where an outside server is used instead. */
export interface Parts {
  readonly postgres: Promise<Awaited<ReturnType<typeof provisionPostgres>> | undefined>
  readonly temporal: Promise<Awaited<ReturnType<typeof provisionTemporal>> | undefined>
  readonly weights: Promise<string>
  /** Folders of the sentence encoder and of the change logs that a text bot learns from. */
  readonly texts: Promise<{ readonly encoder: string; readonly titles: string }>
  /** Native, unless this machine cannot or the configuration asks for a fallback. */
  readonly tensorflow: Promise<TensorflowBackend>
}

/** Provisions only what is asked for in the configuration; a fallback that was asked for is not an announcement. */
async function tensorflowFor(config: Config, context: ProvisionContext): Promise<TensorflowBackend> {
  if (config.tensorflow === 'wasm' || config.tensorflow === 'cpu')
    return { backend: 'wasm', why: `TENSORFLOW=${config.tensorflow} asks for it` }
  return await provisionTensorflow(context)
}

async function textsFor(config: Config, context: ProvisionContext): Promise<Awaited<Parts['texts']>> {
  const [encoder, titles] = await Promise.all([
    config.textEncoder ?? provisionEncoder(context).then(({ folder }) => folder),
    config.starterTitles ?? provisionTitles(context).then(({ folder }) => folder),
  ])
  return { encoder, titles }
}

/** Begins to provision everything at once. A failure shows where the part is awaited. */
export function provisionParts(config: Config, context: ProvisionContext): Parts {
  const parts = {
    postgres: config.databaseUrl === undefined ? provisionPostgres(context) : Promise.resolve(undefined),
    temporal: config.temporal.address === undefined ? provisionTemporal(context) : Promise.resolve(undefined),
    weights:
      config.backboneWeights === undefined
        ? provisionWeights(context).then(({ backbone }) => backbone)
        : Promise.resolve(config.backboneWeights),
    texts: textsFor(config, context),
    tensorflow: tensorflowFor(config, context),
  }
  // Whoever awaits a part hears of its failure; until then it must not count as unhandled.
  for (const part of Object.values(parts)) part.catch(() => undefined)
  return parts
}

/** What children are told about TensorFlow; an explicit choice is theirs already. */
export const tensorflowVariable = (config: Config, { backend }: TensorflowBackend): string =>
  backend === 'wasm' && config.tensorflow !== 'cpu' ? 'wasm' : config.tensorflow
