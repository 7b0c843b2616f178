import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { z } from 'zod'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * What begins a process after `npm ci --omit=dev`. The workers' starter is none of them: it draws its pictures with packages that
 * only development has. The simulators belong to the demonstration, but need no more than these.
 */
const entries = [
  'api/main.ts',
  ...['relay', 'conversations', 'inference', 'learning', 'training', 'migrate'].map((role) => `workers/${role}.ts`),
  'adapters/media/decoder-child.ts',
  'models/training/train-child.ts',
  'cli/main.ts',
  'simulators/slack/main.ts',
  'simulators/x/main.ts',
]

/** `@scope/name` or `name` of a path that is imported. */
const packageOf = (path: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path

/** The packages that a module and all that it imports ask for, those that are loaded later too. */
async function packagesOf(source: string): Promise<readonly string[]> {
  const { metafile } = await build({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
  })
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports)
  const paths = imports.filter(({ external, path }) => external === true && !isBuiltin(path)).map(({ path }) => path)
  return [...new Set(paths.map(packageOf))].toSorted()
}

const { dependencies } = z
  .object({ dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))
const missingOf = async (source: string) =>
  (await packagesOf(source)).filter((name) => !Object.hasOwn(dependencies, name))

for (const entry of entries)
  test(`${entry} needs no package of development`, async () => {
    assert.deepEqual(await missingOf(`import './${entry}'`), [])
  })

test('every production package is needed by one of them', async () => {
  const needed = new Set(await packagesOf(entries.map((entry) => `import './${entry}'`).join('\n')))
  assert.deepEqual(
    Object.keys(dependencies).filter((name) => !needed.has(name)),
    [],
  )
})

test('a package of development that comes in through a third file is found, even when it is loaded later', async () => {
  assert.deepEqual(await missingOf("import './infra/local/ports.ts'"), ['get-port'])
  assert.deepEqual(await missingOf("export const later = () => import('@iconify/utils/lib/svg/html')"), [
    '@iconify/utils',
  ])
})
