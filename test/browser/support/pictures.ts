import sharp from 'sharp'

/** A picture of 240 × 180 pixels that a person might send: a brown hat's colours. */
export const pngPicture = await sharp({ create: { width: 240, height: 180, channels: 3, background: '#8a5a2b' } })
  .composite([
    {
      input: Buffer.from(
        '<svg width="240" height="180"><ellipse cx="120" cy="125" rx="105" ry="24" fill="#5b3716"/><path d="M65 122 C65 30 175 30 175 122Z" fill="#6b421c"/><path d="M65 108h110v14H65z" fill="#26170a"/></svg>',
      ),
    },
  ])
  .png()
  .toBuffer()
