import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blocksOf, inlinesOf } from './markdown.ts'

test('a card becomes headings, paragraphs, lists, tables and code', () => {
  const card =
    '# hats\n\n## What\nTwo lines\nof words.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | |\n\n```\nx | y\n```\nend'
  assert.deepEqual(
    blocksOf(card).map(({ kind }) => kind),
    ['heading', 'heading', 'paragraph', 'list', 'table', 'code', 'paragraph'],
  )
  const table = blocksOf(card).find((block) => block.kind === 'table')
  assert.deepEqual(table?.rows, [[[{ kind: 'text', text: '1' }], []]])
})

test('bold, code and links are found in a line, and what is around them is kept', () => {
  assert.deepEqual(inlinesOf('a **b** `c` [d](https://e.example/f) g'), [
    { kind: 'text', text: 'a ' },
    { kind: 'strong', text: 'b' },
    { kind: 'text', text: ' ' },
    { kind: 'code', text: 'c' },
    { kind: 'text', text: ' ' },
    { kind: 'link', text: 'd', url: 'https://e.example/f' },
    { kind: 'text', text: ' g' },
  ])
})

test('HTML in a card is text', () => {
  assert.deepEqual(blocksOf('<img src=x onerror="alert(1)">'), [
    { kind: 'paragraph', line: [{ kind: 'text', text: '<img src=x onerror="alert(1)">' }] },
  ])
})

test('a code block that never ends goes on to the end of the card', () => {
  assert.deepEqual(blocksOf('```\nopen'), [{ kind: 'code', text: 'open' }])
})
