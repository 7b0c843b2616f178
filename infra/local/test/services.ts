import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { repositoryRoot } from '../processes/node-child.ts'

/** The processes that tests start, by the file that each begins with. */
export const services = {
  'slack simulator': 'simulators/slack/main.ts',
  'x simulator': 'simulators/x/main.ts',
  api: 'api/main.ts',
  relay: 'workers/relay.ts',
  conversations: 'workers/conversations.ts',
  inference: 'workers/inference.ts',
  learning: 'workers/learning.ts',
  training: 'workers/training.ts',
  'bare worker': 'bench/shared/bare-worker.ts',
  'slow inference': 'bench/shared/slow-inference.ts',
} as const
export type ServiceName = keyof typeof services

/** The command line, which tests start more often than any service. */
export const commandFile = 'cli/main.ts'

/** Each module goes on knowing where its source is: it finds files beside it, and starts other sources as children. */
const asTheSource: Plugin = {
  name: 'as the source',
  setup: (bundle) => {
    bundle.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      return { loader: 'ts', contents: source.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)) }
    })
  },
}

/** Where a file's bundle is. */
export const bundleOf = (folder: string, file: string): string => join(folder, file.replace(/\.ts$/, '.mjs'))

/**
 * Makes one module of each service's sources: a whole stack starts in half the processor time, because nothing is looked up and
 * compiled file by file. Packages stay outside.
 */
export async function bundleServices(folder: string): Promise<void> {
  await build({
    entryPoints: [...Object.values(services), commandFile].map((file) => join(repositoryRoot, file)),
    outdir: folder,
    outbase: repositoryRoot,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: false,
    plugins: [asTheSource],
    logLevel: 'silent',
  })
  // Packages are found from here, wherever the folder is.
  await symlink(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'), 'dir')
}
