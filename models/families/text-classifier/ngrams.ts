/** Where hashed n-grams go: 2^18 places keep collisions rare for the some 100,000 n-grams of a few thousand texts. */
export const buckets = 2 ** 18

/** How often each n-gram of a text occurs. Words and characters are two blocks that are scaled apart. */
export interface Grams {
  /** Ascending places; words in the lower half, characters in the upper. */
  readonly places: Uint32Array
  readonly counts: Uint32Array
}

const half = buckets / 2

/** The FNV-1a hash of a text's UTF-16 units, 32 bits (Fowler, Noll, Vo). */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}

/** Words of letters and digits in lower case; `camelCase` counts as its parts too, because people ask in words. */
function wordsOf(text: string): readonly string[] {
  const parts = text.replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, ' ')
  return parts.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

function* wordGrams(words: readonly string[]): Generator<string> {
  for (const [index, word] of words.entries()) {
    yield word
    const next = words[index + 1]
    if (next !== undefined) yield `${word} ${next}`
  }
}

/** Runs of 2 to 5 signs inside a word and its borders. */
function* characterGrams(words: readonly string[]): Generator<string> {
  for (const word of words) {
    const signs = Array.from(` ${word} `)
    for (let length = 2; length <= 5; length += 1)
      for (let start = 0; start + length <= signs.length; start += 1) yield signs.slice(start, start + length).join('')
  }
}

/** The hashed word 1–2-grams and character 2–5-grams of a text, with their counts. */
export function gramsOf(text: string): Grams {
  const words = wordsOf(text)
  const counts = new Map<number, number>()
  const count = (place: number) => counts.set(place, (counts.get(place) ?? 0) + 1)
  for (const gram of wordGrams(words)) count(hash(gram) % half)
  for (const gram of characterGrams(words)) count(half + (hash(gram) % half))
  const places = Uint32Array.from(counts.keys()).sort()
  return { places, counts: places.map((place) => counts.get(place) ?? 0) }
}

/** Which n-grams count and how much: those of the training texts, the rarer the more. */
export interface GramWeights {
  /** Ascending; an n-gram that is not here is not looked at. */
  readonly places: Uint32Array
  /** ln((1 + texts) / (1 + texts with it)) + 1, one per place. */
  readonly idf: Float32Array
}

/** Counts in how many of these texts each n-gram occurs; those of a single text are left out, they tell nothing about others. */
export function gramWeightsOf(texts: readonly Grams[]): GramWeights {
  const frequency = new Uint32Array(buckets)
  for (const { places } of texts) for (const place of places) frequency[place] = (frequency[place] ?? 0) + 1
  const places = Uint32Array.from(frequency.keys()).filter((place) => (frequency[place] ?? 0) >= 2)
  const idf = Float32Array.from(places, (place) => Math.log((1 + texts.length) / (1 + (frequency[place] ?? 0))) + 1)
  return { places, idf }
}

/** A row of few numbers: `columns` are positions in `GramWeights.places`. */
export interface SparseRow {
  readonly columns: Uint32Array
  readonly values: Float32Array
}

function scaleToUnit(values: Float32Array, from: number, to: number): void {
  let sum = 0
  for (let index = from; index < to; index += 1) sum += (values[index] ?? 0) ** 2
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0
  for (let index = from; index < to; index += 1) values[index] = (values[index] ?? 0) * scale
}

/** Makes rows of (1 + ln count) · idf, words and characters each of length 1 (sublinear tf–idf, Manning et al. 2008 §6.4). */
export function gramScaler({ places, idf }: GramWeights): (grams: Grams) => SparseRow {
  const columnOf = new Int32Array(buckets).fill(-1)
  for (const [column, place] of places.entries()) columnOf[place] = column
  return (grams) => {
    const columns: number[] = []
    const values: number[] = []
    let words = 0
    for (const [index, place] of grams.places.entries()) {
      const column = columnOf[place] ?? -1
      if (column < 0) continue
      if (place < half) words += 1
      columns.push(column)
      values.push((1 + Math.log(grams.counts[index] ?? 1)) * (idf[column] ?? 0))
    }
    const row = { columns: Uint32Array.from(columns), values: Float32Array.from(values) }
    scaleToUnit(row.values, 0, words)
    scaleToUnit(row.values, words, row.values.length)
    return row
  }
}
