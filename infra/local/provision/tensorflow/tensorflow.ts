import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EnvHttpProxyAgent, fetch } from 'undici'
import { inheritedEnvironment } from '../../../config.ts'
import { reasonOf } from '../../problem.ts'
import { lastLines, run } from '../../processes/programs.ts'
import { cacheFolder } from '../cache.ts'
import { platformKey, withProgress } from '../context.ts'
import type { ProvisionContext } from '../context.ts'
import { buildFromWheel } from './tensorflow-wheel.ts'
import { bindingLoads, isKept, keepNative, restoreNative, tensorflowPackage } from './tensorflow-package.ts'

/** What TensorFlow work will run on; `why` is for people. */
export type TensorflowBackend = { readonly backend: 'native' } | { readonly backend: 'wasm'; readonly why: string }

const archiveHost = () => {
  const env = inheritedEnvironment()
  return env['TFJS_NODE_CDN_STORAGE'] ?? env['CDN_STORAGE'] ?? 'https://storage.googleapis.com/'
}

/** The package's own installer. Its host is asked first, because the installer itself knows no time limit. */
async function byInstaller(context: ProvisionContext, folder: string): Promise<string | undefined> {
  const host = archiveHost()
  const signal = AbortSignal.timeout(5000)
  const asked = await fetch(host, { method: 'HEAD', signal, dispatcher: new EnvHttpProxyAgent() }).catch(
    () => undefined,
  )
  if (asked === undefined) return 'the official archives cannot be reached'
  context.say(
    'the official TensorFlow archives have no checksum that could be pinned here; they come by HTTPS from their own host',
  )
  const bins = join(folder, '..', '..', '.bin')
  const path = `${bins}:${inheritedEnvironment()['PATH'] ?? ''}`
  const result = await withProgress(context, 'running the installer of tfjs-node', () =>
    run(process.execPath, ['scripts/install.js'], { cwd: folder, env: { PATH: path }, timeoutMs: 4 * 60_000 }),
  )
  const { loads, why } = await bindingLoads(folder)
  if (loads) return undefined
  await Promise.all(['deps', 'lib'].map((part) => rm(join(folder, part), { recursive: true, force: true })))
  return `the official archives did not work (${lastLines(result.stderr, 1) || why})`
}

async function byWheel(context: ProvisionContext, folder: string): Promise<string | undefined> {
  try {
    await buildFromWheel(context, folder)
    const { loads, why } = await bindingLoads(folder)
    return loads ? undefined : `the binding built on the wheel does not load (${why})`
  } catch (error) {
    return reasonOf(error)
  }
}

function fallBack(context: ProvisionContext, why: string): TensorflowBackend {
  context.say(
    '!! TensorFlow itself is not available on this machine; everything runs on the WebAssembly fallback, on one thread and slower.',
  )
  context.say(`!! Why: ${why}`)
  context.say(
    '!! To get TensorFlow: install a C++ compiler (Debian: apt-get install g++), have a package index in reach, and start again.',
  )
  return { backend: 'wasm', why }
}

async function provisionNative(context: ProvisionContext): Promise<TensorflowBackend> {
  const { folder, version } = tensorflowPackage()
  const cache = await cacheFolder(context.home, 'tensorflow', `tfjs-${version}-napi8-${platformKey}`)
  if ((await bindingLoads(folder)).loads) {
    if (!(await isKept(cache))) await keepNative(folder, cache)
    return { backend: 'native' }
  }
  if ((await restoreNative(cache, folder)) && (await bindingLoads(folder)).loads) return { backend: 'native' }
  const reasons: string[] = []
  for (const way of [byInstaller, byWheel]) {
    const why = await way(context, folder)
    if (why === undefined) {
      await keepNative(folder, cache)
      return { backend: 'native' }
    }
    reasons.push(why)
  }
  return fallBack(context, reasons.join('; '))
}

/**
 * Makes `@tensorflow/tfjs-node` loadable: the binding as it is, the cache, the package's own installer, the TensorFlow wheel
 * with a compiler, in this order. Never throws: where nothing works it announces the fallback.
 */
export async function provisionTensorflow(context: ProvisionContext): Promise<TensorflowBackend> {
  try {
    return await provisionNative(context)
  } catch (error) {
    return fallBack(context, reasonOf(error))
  }
}
