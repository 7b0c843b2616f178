import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const configPath = fileURLToPath(new URL('../../simulators/wire/page/tsconfig.pages.json', import.meta.url))
const added = fileURLToPath(new URL('../../simulators/wire/page/zz-added.js', import.meta.url))

/** What the compiler says of the chat pages' scripts, with one more file among them. */
function complaintsWith(source: string): readonly string[] {
  const config = ts.getParsedCommandLineOfConfigFile(configPath, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) =>
      assert.fail(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')),
  })
  assert(config)
  const host = ts.createCompilerHost(config.options)
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (name, ...rest) =>
    name === added
      ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS)
      : read(name, ...rest)
  const program = ts.createProgram([...config.fileNames, added], config.options, host)
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
}

void test('the scripts of the chat pages have no type errors, and one would be seen', () => {
  const [only, ...others] = complaintsWith("import { h } from './dom.js'; h('nonsense', {})")
  assert.match(only ?? '', /zz-added\.js: Argument of type '"nonsense"'/)
  assert.deepEqual(others, [])
})
