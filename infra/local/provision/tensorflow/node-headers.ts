import { access } from 'node:fs/promises'
import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LocalProblem } from '../../problem.ts'
import { findOnPath, lastLines, run } from '../../processes/programs.ts'
import { verify } from '../checksum.ts'
import type { ProvisionContext } from '../context.ts'

const fallback = {
  version: '1.9.0',
  sha256: '6cbfac49542194ae2c8f1dee5fa2dc00d66bec9cbf3b59e3a4e5f16d14eb0d19',
}

const has = (folder: string) =>
  access(join(folder, 'node_api.h')).then(
    () => true,
    () => false,
  )

/**
 * The folder with `node_api.h`: beside the running Node, else from npm's `node-api-headers`, unpacked into `scratch`.
 * Node-API is stable across Node versions, so the headers need not be those of the running one.
 * @throws LocalProblem when neither is there.
 */
export async function findNodeHeaders(context: ProvisionContext, scratch: string): Promise<string> {
  const prefix = dirname(dirname(realpathSync(process.execPath)))
  for (const folder of [join(prefix, 'include', 'node'), '/usr/include/node']) if (await has(folder)) return folder
  const npm = (await findOnPath('npm')) ?? 'npm'
  const spec = `node-api-headers@${fallback.version}`
  const packed = await run(npm, ['pack', '--silent', '--pack-destination', scratch, spec], { timeoutMs: 120_000 })
  const archive = join(scratch, `node-api-headers-${fallback.version}.tgz`)
  if (packed.code === 0) {
    await verify(archive, { sha256: fallback.sha256, what: spec, say: context.say })
    await run('tar', ['-xzf', archive, '-C', scratch], { timeoutMs: 60_000 })
  }
  const folder = join(scratch, 'package', 'include')
  if (await has(folder)) return folder
  throw new LocalProblem(
    `the headers of Node are not beside ${process.execPath} and ${spec} could not be fetched: ${lastLines(packed.stderr, 1)}`,
    'install the development headers of Node (Debian: libnode-dev), or Node from nodejs.org',
  )
}
