import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const configPath = fileURLToPath(new URL('../../workflows/tsconfig.json', import.meta.url))

/** The compiler's complaints about one more file, under the workflows' own settings. */
function complaintsAbout(source: string): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(configPath, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) =>
      assert.fail(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')),
  })
  assert(config)
  const added = fileURLToPath(new URL('../../workflows/zz-added.ts', import.meta.url))
  const host = ts.createCompilerHost(config.options)
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (name, ...rest) =>
    name === added ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : read(name, ...rest)
  const exists = host.fileExists.bind(host)
  host.fileExists = (name) => name === added || exists(name)
  const program = ts.createProgram([added], config.options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

for (const forbidden of [
  'export const home = process.env',
  'export const page = fetch("https://example.org")',
  'export const bytes = Buffer.from("x")',
  'export const timer = setTimeout(() => undefined, 1)',
  'import { readFile } from "node:fs/promises"; export const read = readFile',
])
  test(`the compiler refuses in workflows: ${forbidden}`, () => {
    assert.notDeepEqual(complaintsAbout(forbidden), [])
  })

test('the compiler accepts what a workflow needs', () => {
  assert.deepEqual(
    complaintsAbout('import { sleep } from "@temporalio/workflow"; export const pause = () => sleep(1)'),
    [],
  )
})
