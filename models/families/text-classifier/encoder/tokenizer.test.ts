import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { VocabularyUnreadable, wordPieceTokenizer } from './tokenizer.ts'

const vocabulary = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  'date',
  'pick',
  '##er',
  '##s',
  ',',
  '!',
  'cafe',
  '日',
  'a',
  '##b',
]
const [cls, sep, unknown] = [2, 3, 1]
const tokenizer = wordPieceTokenizer(vocabulary.join('\n'), { maxTokens: 8 })
const inside = (text: string): readonly number[] => {
  const ids = [...tokenizer.encode(text)]
  assert.equal(ids[0], cls)
  assert.equal(ids.at(-1), sep)
  return ids.slice(1, -1)
}

describe('the WordPiece tokenizer', () => {
  it('takes the longest pieces from left to right, in lower case', () => {
    assert.deepEqual(inside('Date PICKERS'), [4, 5, 6, 7])
  })

  it('sets punctuation and ideographs apart, and takes accents off', () => {
    assert.deepEqual(inside('Café,date!'), [10, 8, 4, 9])
    assert.deepEqual(inside('a日a'), [12, 11, 12])
  })

  it('has one token for a word that it cannot take apart', () => {
    assert.deepEqual(inside('picked date'), [unknown, 4])
    assert.deepEqual(inside('a'.repeat(101)), [unknown])
  })

  it('does not see control signs and signs without width', () => {
    assert.deepEqual(inside('da\u200bte\tdate\u0000'), [4, 4])
  })

  it('cuts a long text, and ends it all the same', () => {
    assert.deepEqual([...tokenizer.encode('date '.repeat(50))], [cls, 4, 4, 4, 4, 4, 4, sep])
    assert.deepEqual([...tokenizer.encode('')], [cls, sep])
  })

  it('needs a vocabulary with its own signs', () => {
    assert.throws(() => wordPieceTokenizer('date\n[CLS]', { maxTokens: 8 }), VocabularyUnreadable)
  })
})
