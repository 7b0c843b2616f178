import { pictureInput } from '../../../domain/model/preprocessing.ts'

/** Brightness is compared in a grid of 9 × 8 cells: each of the 64 bits is one cell beside its right neighbour. */
const [columns, rows] = [9, 8]

/** Rec. 601 luma of the mean colour of each cell, row by row. */
function cellsOf(pixels: Uint8Array): Float64Array {
  const { size, channels } = pictureInput
  const [sums, counts] = [new Float64Array(columns * rows), new Float64Array(columns * rows)]
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      const cell = Math.floor((y * rows) / size) * columns + Math.floor((x * columns) / size)
      const at = (y * size + x) * channels
      const grey = 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0)
      sums[cell] = (sums[cell] ?? 0) + grey
      counts[cell] = (counts[cell] ?? 0) + 1
    }
  return sums.map((sum, cell) => sum / (counts[cell] ?? 1))
}

/**
 * The difference hash of a normalised picture (dHash): whether each cell is brighter than its right neighbour. Sizes, compression
 * and small changes of colour hardly move it.
 * @returns 64 bits as 16 hexadecimal digits.
 * @throws TypeError for another length.
 */
export function differenceHash(pixels: Uint8Array): string {
  if (pixels.length !== pictureInput.byteLength) throw new TypeError('a normalised picture has another length')
  const cells = cellsOf(pixels)
  let bits = 0n
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column + 1 < columns; column += 1) {
      const at = row * columns + column
      bits = (bits << 1n) | ((cells[at] ?? 0) > (cells[at + 1] ?? 0) ? 1n : 0n)
    }
  return bits.toString(16).padStart(16, '0')
}
