import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import util from 'node:util'
import type * as tfjs from '@tensorflow/tfjs'

/** TensorFlow's functions, whichever way they run. */
export type Tf = typeof tfjs
export type Tensor = tfjs.Tensor
export type Tensor2D = tfjs.Tensor2D
export type Tensor4D = tfjs.Tensor4D

export type TensorflowChoice = 'auto' | 'native' | 'wasm' | 'cpu'

/** TensorFlow as it runs in this process. */
export interface Tensorflow {
  readonly tf: Tf
  /** `native`: TensorFlow's C library; `wasm`: tfjs on WebAssembly, one thread; `cpu`: plain JavaScript, the last resort. */
  readonly backend: Exclude<TensorflowChoice, 'auto'>
  /** Why it is this one, for logs and pages. */
  readonly why: string
  /** The packages that did the work and their versions, for a model's metadata. */
  readonly versions: Readonly<Record<string, string>>
}

/** Thrown when TensorFlow does not load in the way that was asked for; the cause is what loading it said. */
export class TensorflowUnavailable extends Error {
  readonly code = 'TensorflowUnavailable'
  constructor(backend: string, options?: ErrorOptions) {
    super(`TensorFlow cannot run as ${backend} here; TENSORFLOW=auto takes what there is`, options)
  }
}

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 160) ?? 'unknown'

async function openNative(why: string): Promise<Tensorflow> {
  // Node 23 removed a function that tfjs-node 4.22.0 calls (tensorflow/tfjs#8609; the fix, #8425, is not released).
  if (!('isNullOrUndefined' in util))
    Object.defineProperty(util, 'isNullOrUndefined', {
      value: (value: unknown) => value === null || value === undefined,
    })
  const tf = await import('@tensorflow/tfjs-node')
  await tf.ready()
  return {
    tf,
    backend: 'native',
    why,
    versions: { 'tfjs-node': tf.version['tfjs-node'] },
  }
}

/** The folder that holds the WebAssembly binaries, beside the package's entry. */
const wasmFolder = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')), sep)

// TensorFlow's engine is one per process, and so is this: setting the paths a second time is an error.
let wasmIsSetUp = false

async function openWasm(why: string): Promise<Tensorflow> {
  const tf = await import('@tensorflow/tfjs')
  const wasm = await import('@tensorflow/tfjs-backend-wasm')
  if (!wasmIsSetUp) {
    wasm.setWasmPaths(wasmFolder())
    wasm.setThreadsCount(1)
    wasmIsSetUp = true
  }
  if (!(await tf.setBackend('wasm'))) throw new TensorflowUnavailable('wasm')
  await tf.ready()
  return { tf, backend: 'wasm', why, versions: { tfjs: tf.version.tfjs, 'tfjs-backend-wasm': wasm.version_wasm } }
}

async function openCpu(why: string): Promise<Tensorflow> {
  const tf = await import('@tensorflow/tfjs')
  await tf.setBackend('cpu')
  await tf.ready()
  return { tf, backend: 'cpu', why, versions: { tfjs: tf.version.tfjs } }
}

const openers = { native: openNative, wasm: openWasm, cpu: openCpu } as const

async function openBest(): Promise<Tensorflow> {
  const failures: string[] = []
  for (const backend of ['native', 'wasm'] as const)
    try {
      return await openers[backend](failures.length === 0 ? 'it loads' : failures.join('; '))
    } catch (error) {
      failures.push(`${backend} does not load: ${reasonOf(error)}`)
    }
  return openCpu(failures.join('; '))
}

async function open(choice: TensorflowChoice): Promise<Tensorflow> {
  if (choice === 'auto') return openBest()
  try {
    return await openers[choice](`TENSORFLOW=${choice} asks for it`)
  } catch (error) {
    throw new TensorflowUnavailable(choice, { cause: error })
  }
}

// One after the other: a backend that is asked for while it starts is taken for one that failed, and the next one would win.
let lastOpening: Promise<unknown> = Promise.resolve()

/**
 * Loads TensorFlow, which is one per process: the last choice decides. The number of threads is the environment's, which
 * whoever starts this process sets (`TF_NUM_INTRAOP_THREADS`): TensorFlow reads it while it loads.
 * @throws TensorflowUnavailable when a way other than `auto` was asked for and does not load.
 */
export function openTensorflow(choice: TensorflowChoice): Promise<Tensorflow> {
  const opening = lastOpening.then(() => open(choice))
  lastOpening = opening.catch(() => undefined)
  return opening
}
