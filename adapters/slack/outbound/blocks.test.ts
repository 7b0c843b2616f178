import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blocksOf } from './blocks.ts'

const labelsTo = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `label-${index}`, words: `number ${index}` }))

/** What a question with so many labels offers: the buttons' words and the menu's. */
function offered(count: number) {
  const offer = { kind: 'buttons', prediction: 'p', prompt: 'which?', labels: labelsTo(count) } as const
  const [, block] = blocksOf('hi', [offer]) ?? []
  assert(block?.type === 'actions')
  return {
    buttons: block.elements.flatMap((each) => (each.type === 'button' ? [each.text.text] : [])),
    menu: block.elements.flatMap((each) =>
      each.type === 'static_select' ? (each.options ?? []).map(({ text }) => text.text) : [],
    ),
  }
}

test('a question has a button per label and one for “can’t tell”, as many as Slack takes', () => {
  const { buttons, menu } = offered(24)
  assert.equal(buttons.length, 25)
  assert.equal(buttons.at(-1), "Can't tell")
  assert.deepEqual(menu, [])
})

test('more labels than that are in a menu, none left out', () => {
  for (const count of [25, 100]) {
    const { buttons, menu } = offered(count)
    assert.deepEqual(buttons, ["Can't tell"])
    assert.deepEqual(
      menu,
      labelsTo(count).map(({ words }) => words),
    )
  }
})
