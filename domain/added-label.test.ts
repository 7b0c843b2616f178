import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allLabels, mostLabels, refusalOfLabel } from './added-label.ts'

const existing = [
  { id: 'grid', words: 'the Data Grid team' },
  { id: 'docs', words: 'the documentation team' },
]
const codeOf = (id: string, words: string) => refusalOfLabel({ id, words }, existing)?.code

test('a label with a plain id and words of its own can be added', () => {
  for (const [id, words] of [
    ['design', 'the design team'],
    ['r-and-d', 'Research & Development'],
    ['qa2', 'l’équipe qualité (est.)'],
    ['bidi', 'צוות העיצוב'],
  ] as const)
    assert.equal(codeOf(id, words), undefined, id)
})

test('an id that is not one is refused, and so is one that people could not name or that means “can’t tell”', () => {
  for (const id of [
    '',
    'Design',
    '2d',
    '-a',
    'a b',
    'ä',
    'a_b',
    'a'.repeat(61),
    'the',
    'team',
    'cannot-tell',
    'cant-tell',
  ])
    assert.equal(codeOf(id, 'something else'), 'bad-id', id)
})

test('words that ping, link, fill in or hide are refused', () => {
  for (const words of [
    ...['', ' design', '<!channel>', '@somebody', 'see evil.example', 'https://evil.example', '{percent}'],
    ...['two\nlines', 'zero\u200bwidth', '\u202eright to left', 'a'.repeat(81), "can't tell"],
  ])
    assert.equal(codeOf('design', words), 'bad-words', JSON.stringify(words))
})

test('a label whose id or words are there already, as people compare them, is refused and named', () => {
  for (const [id, words] of [
    ['grid', 'another'],
    ['data-grid', 'Data grid'],
    ['documentation', 'everything written'],
    ['manual', 'Docs'],
  ] as const)
    assert.equal(codeOf(id, words), 'exists', id)
  assert.match(refusalOfLabel({ id: 'grid', words: 'another' }, existing)?.text ?? '', /grid \(the Data Grid team\)/)
})

test('a bot has at most as many labels as a menu takes', () => {
  const many = Array.from({ length: mostLabels }, (_, index) => ({ id: `label-${index}`, words: `number ${index}` }))
  const label = { id: 'design', words: 'the design people' }
  assert.equal(refusalOfLabel(label, many)?.code, 'too-many')
  assert.equal(refusalOfLabel(label, many.slice(1)), undefined)
})

test('a label that the bot has by now itself stands once, in the bot’s own words', () => {
  const added = [
    { id: 'docs', words: 'old words' },
    { id: 'design', words: 'the design team' },
  ]
  assert.deepEqual(allLabels(existing, added), [...existing, added[1]])
})
