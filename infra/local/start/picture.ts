import { avataaars } from '@dicebear/collection'
import { createAvatar } from '@dicebear/core'
import sharp from 'sharp'

/** What the picture shows, for people who only read the transcript. */
export const pictureWords = 'a drawn person with a hat, 512 × 512 pixels'

/** The picture of the first question, as PNG. Its seed is in no training recipe, so the model has never seen it. */
export async function drawPicture(): Promise<Buffer> {
  const person = createAvatar(avataaars, {
    seed: 'understudy-demo',
    top: ['hat'],
    topProbability: 100,
    eyes: ['happy'],
    mouth: ['smile'],
    size: 512,
  })
  return await sharp(Buffer.from(person.toString()), { density: 150 })
    .resize(512, 512)
    .flatten({ background: '#ffffff' })
    .png()
    .toBuffer()
}
