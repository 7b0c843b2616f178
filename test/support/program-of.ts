import { buildSync } from 'esbuild'
import { repositoryRoot } from '../../infra/local/processes/node-child.ts'

/**
 * Node's arguments for a small program of a test: TypeScript that imports our files by their paths, built as everything else is.
 * The packages are found from the root of the repository, where the process has to run.
 */
export function programOf(source: string): readonly string[] {
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: repositoryRoot, loader: 'ts' },
    ...{ bundle: true, write: false, platform: 'node', format: 'esm', packages: 'external' },
  })
  return ['--input-type=module', '--eval', outputFiles[0]?.text ?? '']
}
