import sharp from 'sharp'
import { seededRandom } from '../../domain/model/seeded-random.ts'

/* Pictures of our own for a small installation: flat shapes of few colours, so that they stay small wherever they are kept. */

/** What is drawn on a person; `nothing` leaves them bare. */
export type Thing = 'hat' | 'laptop' | 'nothing'

/** Three hands draw the same things in their own colours and proportions. */
export const hands = ['round', 'square', 'tall'] as const
export type Hand = (typeof hands)[number]

const looks: Readonly<
  Record<Hand, { readonly skin: string; readonly cloth: string; readonly corner: number; readonly wide: number }>
> = {
  round: { skin: '#e8b48c', cloth: '#3a6ea5', corner: 60, wide: 120 },
  square: { skin: '#b67f56', cloth: '#6a4c93', corner: 8, wide: 128 },
  tall: { skin: '#f2d0b0', cloth: '#2a9d8f', corner: 36, wide: 92 },
}

const things: Readonly<Record<Thing, (at: { readonly x: number; readonly wide: number }) => string>> = {
  hat: ({ x, wide }) =>
    `<rect x="${x - wide}" y="92" width="${2 * wide}" height="18" fill="#4a3528"/><rect x="${x - wide * 0.55}" y="36" width="${wide * 1.1}" height="58" fill="#4a3528"/><rect x="${x - wide * 0.55}" y="80" width="${wide * 1.1}" height="12" fill="#111111"/>`,
  laptop: ({ x, wide }) =>
    `<rect x="${x - wide * 0.8}" y="236" width="${wide * 1.6}" height="76" fill="#555555"/><rect x="${x - wide * 0.7}" y="244" width="${wide * 1.4}" height="60" fill="#9ad1ff"/>`,
  nothing: () => '',
}

export interface Subject {
  readonly hand: Hand
  readonly thing: Thing
  /** Pictures of one person with the same thing differ by it. */
  readonly variant: number
}

const fields = 8

/** A wall of grey fields behind the person, another one in each picture: else all of them would be near-duplicates of each other. */
function wallOf({ hand, thing, variant }: Subject): string {
  const random = seededRandom(1 + hands.indexOf(hand) * 100 + Object.keys(things).indexOf(thing) * 10 + variant)
  const side = 320 / fields
  return Array.from({ length: fields * fields }, (_, index) => {
    const grey = 120 + Math.floor(random() * 4) * 40
    return `<rect x="${(index % fields) * side}" y="${Math.floor(index / fields) * side}" width="${side}" height="${side}" fill="rgb(${grey},${grey},${grey})"/>`
  }).join('')
}

/** A person, so many pixels wide. */
export async function drawnPerson(subject: Subject, size = 224): Promise<Buffer> {
  const { hand, thing, variant } = subject
  const { skin, cloth, corner, wide } = looks[hand]
  const x = 140 + variant * 8
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320" width="${size}" height="${size}" shape-rendering="crispEdges">
    ${wallOf(subject)}
    <rect x="${x - wide}" y="220" width="${2 * wide}" height="100" fill="${cloth}"/>
    <rect x="${x - wide / 2}" y="84" width="${wide}" height="130" rx="${corner}" fill="${skin}"/>
    <rect x="${x - 24}" y="140" width="10" height="10" fill="#222222"/><rect x="${x + 14}" y="140" width="10" height="10" fill="#222222"/>
    ${things[thing]({ x, wide })}</svg>`
  return sharp(Buffer.from(svg)).png({ compressionLevel: 9, palette: true }).toBuffer()
}
