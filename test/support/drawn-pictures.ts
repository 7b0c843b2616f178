import { icons } from '@iconify-json/noto'
import { getIconData, iconToHTML, iconToSVG } from '@iconify/utils'
import sharp from 'sharp'
import type { Picture } from './platforms/platform.ts'

/** An emoji on white, 512 pixels, as people would paste it. @throws Error when there is none of that name. */
export async function emojiPicture(name: string): Promise<Picture> {
  const data = getIconData(icons, name)
  if (data === null) throw new Error(`there is no drawing called ${name}`)
  const { body, attributes } = iconToSVG(data, { height: 512 })
  const png = await sharp(Buffer.from(iconToHTML(body, attributes)))
    .resize(512, 512, { fit: 'contain', background: '#ffffff' })
    .flatten({ background: '#ffffff' })
    .png()
    .toBuffer()
  return { name: `${name}.png`, base64: png.toString('base64'), mimetype: 'image/png' }
}
