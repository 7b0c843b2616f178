import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { LocalProblem } from '../../problem.ts'
import { findOnPath, lastLines, run } from '../../processes/programs.ts'
import { linkOrCopy, withScratch } from '../cache.ts'
import { verify } from '../checksum.ts'
import { platformKey, withProgress } from '../context.ts'
import type { ProvisionContext } from '../context.ts'
import { findNodeHeaders } from './node-headers.ts'
import { bindingPath, replaceLink } from './tensorflow-package.ts'
import { fetchWheel } from './wheel.ts'
import { unpackZip } from '../zip.ts'

const wheel = { name: 'tensorflow-cpu', version: '2.21.0', megabytes: 274 }

/** SHA-256 of the two libraries in the wheel; a platform that is not here has no such wheel. */
const pins: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'linux-x64': {
    'tensorflow/libtensorflow_cc.so.2': '6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e',
    'tensorflow/libtensorflow_framework.so.2': 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b',
  },
}

/** The linker asks for the names on the left; at run time only the files themselves are loaded. */
const links = [
  ['libtensorflow.so', 'libtensorflow_cc.so.2'],
  ['libtensorflow_cc.so', 'libtensorflow_cc.so.2'],
  ['libtensorflow_framework.so', 'libtensorflow_framework.so.2'],
] as const

/** The C API of TensorFlow and what it includes: 14 of the wheel's 9,000 headers are read. */
const neededHeaders =
  /^tensorflow\/include\/(?:tensorflow\/c|tensorflow\/core\/platform|tsl\/platform|xla\/tsl\/c)\/.*\.h$/

async function unpack(context: ProvisionContext, archive: string, scratch: string): Promise<void> {
  const libraries = pins[platformKey] ?? {}
  const libraryFile = (name: string) => join(scratch, 'lib', basename(name))
  const unpacked = await unpackZip(archive, (name) => {
    if (neededHeaders.test(name)) return join(scratch, 'include', name.slice('tensorflow/include/'.length))
    return Object.hasOwn(libraries, name) ? libraryFile(name) : undefined
  })
  for (const [name, sha256] of Object.entries(libraries)) {
    if (!unpacked.includes(name))
      throw new LocalProblem(`${wheel.name} does not hold ${name}`, 'report this: the pinned wheel has changed')
    await verify(libraryFile(name), { sha256, what: name, say: context.say })
  }
  for (const [name, target] of links) await replaceLink(target, join(scratch, 'lib', name))
}

async function compile(
  context: ProvisionContext,
  build: { readonly folder: string; readonly scratch: string; readonly compiler: string },
) {
  const { folder, scratch, compiler } = build
  const sources = (await readdir(join(folder, 'binding')))
    .filter((name) => name.endsWith('.cc'))
    .map((name) => join('binding', name))
  const headers = await findNodeHeaders(context, scratch)
  const args = [
    '-O2',
    '-std=c++17',
    '-shared',
    '-fPIC',
    '-DNAPI_VERSION=8',
    `-I${headers}`,
    `-I${join(scratch, 'include')}`,
    '-I..',
  ]
  const linking = [
    `-L${join(scratch, 'lib')}`,
    '-ltensorflow_cc',
    '-ltensorflow_framework',
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
  ]
  const output = join(scratch, 'tfjs_binding.node')
  const result = await run(compiler, [...args, ...sources, '-o', output, ...linking], {
    cwd: folder,
    timeoutMs: 5 * 60_000,
  })
  if (result.code !== 0)
    throw new LocalProblem(
      `the binding of TensorFlow did not compile: ${lastLines(result.stderr)}`,
      'check the C++ compiler',
    )
}

/** Moves the result into the package, each file in one step, so that a process that has the old one loaded keeps it. */
async function install(scratch: string, folder: string): Promise<void> {
  for (const name of Object.keys(pins[platformKey] ?? {}).map((path) => basename(path)))
    await linkOrCopy(join(scratch, 'lib', name), join(folder, 'deps', 'lib', name))
  for (const [name, target] of links) await replaceLink(target, join(folder, 'deps', 'lib', name))
  await linkOrCopy(join(scratch, 'tfjs_binding.node'), join(folder, bindingPath))
}

/**
 * Builds the binding of tfjs-node against the libraries of the TensorFlow wheel, into the package's folder.
 * @throws LocalProblem without a wheel for the platform, a C++ compiler, or a package index.
 */
export async function buildFromWheel(context: ProvisionContext, folder: string): Promise<void> {
  if (!pins[platformKey])
    throw new LocalProblem(`there is no TensorFlow wheel for ${platformKey}`, 'the fallback is used')
  const compiler = (await findOnPath('g++')) ?? (await findOnPath('c++')) ?? (await findOnPath('clang++'))
  if (compiler === undefined) throw new LocalProblem('there is no C++ compiler', 'Debian: apt-get install g++')
  await withScratch(context.home, async (scratch) => {
    const archive = await fetchWheel(context, wheel, scratch)
    await withProgress(context, 'unpacking TensorFlow', () => unpack(context, archive, scratch))
    await withProgress(context, 'compiling the binding of TensorFlow', () =>
      compile(context, { folder, scratch, compiler }),
    )
    await install(scratch, folder)
  })
}
