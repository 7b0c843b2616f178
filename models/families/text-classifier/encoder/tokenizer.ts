/** Turns a text into ids of a vocabulary. */
export interface Tokenizer {
  /** `[CLS] … [SEP]`, at most `maxTokens` in all. */
  encode(text: string): Int32Array
}

/** Thrown when a vocabulary lacks a token without which no text can be encoded. */
export class VocabularyUnreadable extends Error {
  readonly code = 'VocabularyUnreadable'
  constructor(token: string) {
    super(`the vocabulary has no ${token}`)
  }
}

/** A longer word is not looked up piece by piece. */
const maxWordLength = 100

// Every ASCII sign that is neither letter nor digit counts as punctuation, as in BERT's own tokenizer.
const punctuation = /[\p{P}!-/:-@[-`{-~]/u
const tokens = /[\p{P}!-/:-@[-`{-~]|[\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\u{20000}-\u{2FA1F}]|[^\s]/gu
const ideograph = /[\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\u{20000}-\u{2FA1F}]/u

/** Words, single punctuation signs and single ideographs, in lower case and without accents. */
function wordsOf(text: string): readonly string[] {
  const plain = text
    .replaceAll(/[\p{Cc}\p{Cf}\uFFFD]/gu, (sign) => (/\s/.test(sign) ? ' ' : ''))
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
  const words: string[] = []
  let word = ''
  const end = () => {
    if (word !== '') words.push(word)
    word = ''
  }
  let last = 0
  for (const { 0: sign, index } of plain.matchAll(tokens)) {
    if (index > last) end()
    last = index + sign.length
    if (!punctuation.test(sign) && !ideograph.test(sign)) {
      word += sign
      continue
    }
    end()
    words.push(sign)
  }
  end()
  return words
}

/** The longest pieces that the vocabulary has, from left to right; pieces after the first begin with `##`. */
function piecesOf(word: string, ids: ReadonlyMap<string, number>, unknown: number): readonly number[] {
  const signs = Array.from(word)
  if (signs.length > maxWordLength) return [unknown]
  const pieces: number[] = []
  for (let start = 0; start < signs.length;) {
    let end = signs.length
    let found: number | undefined
    while (end > start && found === undefined) {
      found = ids.get((start > 0 ? '##' : '') + signs.slice(start, end).join(''))
      if (found === undefined) end -= 1
    }
    if (found === undefined) return [unknown]
    pieces.push(found)
    start = end
  }
  return pieces
}

/**
 * BERT's uncased WordPiece tokenizer (Devlin et al. 2019): control signs out, lower case, accents out, punctuation and
 * ideographs alone, then the longest pieces of the vocabulary.
 * @param vocabulary one token a line; its line is its id.
 * @throws VocabularyUnreadable when `[CLS]`, `[SEP]` or `[UNK]` is missing.
 */
export function wordPieceTokenizer(vocabulary: string, options: { readonly maxTokens: number }): Tokenizer {
  const ids = new Map(vocabulary.split(/\r?\n/).map((token, id) => [token, id]))
  const idOf = (token: string): number => {
    const id = ids.get(token)
    if (id === undefined) throw new VocabularyUnreadable(token)
    return id
  }
  const [start, end, unknown] = [idOf('[CLS]'), idOf('[SEP]'), idOf('[UNK]')]
  return {
    encode: (text) => {
      const inside: number[] = []
      for (const word of wordsOf(text)) {
        if (inside.length >= options.maxTokens - 2) break
        inside.push(...piecesOf(word, ids, unknown))
      }
      return Int32Array.from([start, ...inside.slice(0, options.maxTokens - 2), end])
    },
  }
}
