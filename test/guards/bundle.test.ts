import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { workflowBundle } from '../../workers/workflow-bundle.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Our own files inside a bundle that may not be there, by its inline source map. */
function strangersIn(code: string): string[] {
  const [, encoded] = /sourceMappingURL=data:application\/json;[^,]*base64,([A-Za-z0-9+/=]+)/.exec(code) ?? []
  assert(encoded, 'the bundle has an inline source map')
  const map = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { sources: string[] }
  return map.sources
    .map((source) => source.replace(/^webpack:\/\/\/?/, ''))
    .filter((source) => source.includes(root.replace(/\/$/, '')) || source.startsWith('./'))
    .map((source) => relative(root, source.startsWith('./') ? `${root}/${source}` : source))
    .filter(
      (source) => !source.includes('node_modules') && !/^(?:workflows|domain)\//.test(source) && source.endsWith('.ts'),
    )
}

test('the workflow bundle holds nothing of ours but workflows/ and domain/', async () => {
  assert.deepEqual(strangersIn(await readFile(workflowBundle.codePath, 'utf8')), [])
})

test('what travels into a bundle through a third file is found', async () => {
  const workflowsPath = fileURLToPath(new URL('fixtures/leaky-workflow.ts', import.meta.url))
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') })
  assert.deepEqual(strangersIn(code).sort(), ['activities/failures.ts', 'test/guards/fixtures/leaky-workflow.ts'])
})
