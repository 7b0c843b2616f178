import assert from 'node:assert/strict'
import { cp, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { delimiter, dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createGzip } from 'node:zlib'
import * as tar from 'tar-stream'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { inheritedEnvironment } from '../../../config.ts'
import { run } from '../../processes/programs.ts'
import { tensorflowPackage } from './tensorflow-package.ts'

/** As the publisher packs them: the libraries with their links, and the binding in a folder that is stripped. */
function archiveOf(path: string): Promise<Buffer> {
  const pack = tar.pack()
  if (path.includes('libtensorflow')) {
    pack.entry({ name: './lib/libtensorflow.so.2.9.1' }, 'the library')
    pack.entry({ name: './lib/libtensorflow.so', type: 'symlink', linkname: 'libtensorflow.so.2.9.1' })
  } else pack.entry({ name: 'napi-v8/tfjs_binding.node', mode: 0o755 }, 'the binding')
  pack.finalize()
  return buffer(pack.pipe(createGzip()))
}

/** A host of the publisher's archives on this machine; resolves with its address. */
async function archiveHost(context: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    void archiveOf(request.url ?? '').then((bytes) => response.end(bytes))
  })
  context.after(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return `http://127.0.0.1:${address.port}/`
}

test('the installer of tfjs-node unpacks archives with the tar that package.json puts in place of its own', async (context) => {
  const installed = tensorflowPackage().folder
  const folder = await temporaryFolder('installer-test')
  for (const part of ['package.json', 'scripts'])
    await cp(join(installed, part), join(folder, part), { recursive: true })
  const modules = dirname(dirname(installed))
  const host = await archiveHost(context)
  const noProxy = Object.fromEntries(
    ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, '']),
  )
  const env = {
    ...noProxy,
    NODE_PATH: modules,
    PATH: [join(modules, '.bin'), inheritedEnvironment()['PATH'] ?? ''].join(delimiter),
    TFJS_NODE_CDN_STORAGE: host,
    npm_config_tfjs_binding_binary_host_mirror: host,
  }
  const { code, stderr } = await run(process.execPath, ['scripts/install.js'], { cwd: folder, env, timeoutMs: 60_000 })
  assert.equal(code, 0, stderr)
  const unpacked = (path: string) => readFile(join(folder, path), 'utf8')
  assert.equal(await unpacked('deps/lib/libtensorflow.so'), 'the library')
  assert.equal(await unpacked('lib/napi-v8/tfjs_binding.node'), 'the binding')
})
