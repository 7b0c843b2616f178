import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The packages that are loaded before the first line of a file runs: its own, and those of what it imports statically. */
async function packagesAtStart(file: string): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    entryPoints: [file],
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    outdir: 'nowhere',
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  })
  const packages = new Set<string>()
  const seen = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    for (const { path: imported, kind, external } of metafile.outputs[path]?.imports ?? [])
      if (external === true && kind !== 'dynamic-import') packages.add(imported)
      else if (kind !== 'dynamic-import') visit(imported)
  }
  visit(`nowhere/${file.replace(/^.*\//, '').replace(/\.ts$/, '.js')}`)
  return packages
}

test('the doors open without Temporal’s client, the workers’ library, pictures and TensorFlow', async () => {
  const packages = await packagesAtStart('api/main.ts')
  // That something was found shows that the guard looks at the right file.
  assert.ok(packages.has('fastify'))
  const heavy = [...packages].filter((name) => /^(?:@temporalio\/(?:client|worker)|sharp|@tensorflow\/.+)$/.test(name))
  assert.deepEqual(heavy, [])
})
