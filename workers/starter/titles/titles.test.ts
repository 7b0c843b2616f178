import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { botsFolder } from '../../bots/bots.ts'
import { RecipeInvalid } from '../pictures/recipe.ts'
import { changeTitlesOf } from './changelog.ts'
import { exampleOfQuestion, exampleOfTitle } from './examples.ts'
import { labelledTitlesOf, maskTitle, splitOf } from './labelled-titles.ts'
import { questionsOf } from './questions.ts'
import { parseTitleRecipe } from './recipe.ts'

const changelog = `# Changelog

## 9.0.0-alpha.0

_Feb 16, 2026_

- 🎉 Something to celebrate
- [DataGrid] Fix \`apiRef\` in [the toolbar](https://example.com/toolbar) (#12) @somebody
- [scheduler] Add the week view (#13) @somebody
- [unknown] Nobody's change (#14)

## v8.2.0

_Mar 3, 2026_

- [charts] Late fix of the legend (#11) @somebody

## 8.1.0

_Jan 9, 2026_

- [charts] Fix the legend (#9) @somebody
- [pickers] Bump everything (#8)
- [docs] Bump everything (#7)

## 8.1.0-beta.0

- [l10n] Improve Czech (cs-CZ) locale (#6)
- [docs] Fix \`apiRef\` in the toolbar (#5)
`

const source = await readFile(join(botsFolder, 'team-router', 'starter-data.yaml'), 'utf8')
const file = 'bots/team-router/starter-data.yaml'
const labels = ['grid', 'charts', 'pickers', 'tree-view', 'scheduler', 'docs', 'l10n', 'infra']
const recipe = parseTitleRecipe(source, { file, labels })

describe('the titles of a change log', () => {
  it('come without pull request, author and links, with release and date', () => {
    assert.deepEqual(changeTitlesOf(changelog)[0], {
      tag: 'DataGrid',
      text: 'Fix `apiRef` in the toolbar',
      release: '9.0.0-alpha.0',
      date: '2026-02-16',
    })
  })

  it('of a release without a date have the date of the release above', () => {
    assert.deepEqual(
      changeTitlesOf(changelog)
        .filter(({ release }) => release === '8.1.0-beta.0')
        .map(({ date }) => date),
      ['2026-01-09', '2026-01-09'],
    )
  })

  it('are labelled by their tag, oldest first, each text once; what two teams claim is left out', () => {
    const titles = labelledTitlesOf([changelog, changelog], recipe)
    assert.deepEqual(
      titles.map(({ text, label, vendor }) => [text, label, vendor]),
      [
        ['Fix the legend', 'charts', 'v8'],
        ['Improve Czech (cs-CZ) locale', 'l10n', 'v8'],
        ['Add the week view', 'scheduler', 'v9'],
        ['Late fix of the legend', 'charts', 'v8-late'],
      ],
    )
  })

  it('are split by time: a late release of an old major is on neither side', () => {
    assert.deepEqual(splitOf(labelledTitlesOf([changelog], recipe), recipe), { past: ['v8'], test: ['v9'] })
  })

  it('lose the names of components under the mask, and keep the rest', () => {
    assert.equal(
      maskTitle('Fix focus in DataGridPro when a row is added', recipe),
      'Fix focus in component when a row is added',
    )
    assert.equal(maskTitle('Reset `DateRangePicker` on blur', recipe), 'Reset ` component ` on blur')
    assert.equal(maskTitle('Update scatter in BarChartPro', recipe), 'Update scatter in component')
  })
})

describe('questions made by templates', () => {
  const titles = labelledTitlesOf([changelog], recipe)
  const questions = questionsOf(recipe, titles)

  it('are about every team, the same for the same seed, and each text has one team', () => {
    assert.deepEqual(new Set(questions.map(({ label }) => label)), new Set(labels))
    assert.deepEqual(questionsOf(recipe, titles), questions)
    const byText = new Map(questions.map(({ text, label }) => [text, label]))
    for (const { text, label } of questions) assert.equal(byText.get(text), label)
    assert.ok(questions.every(({ text }) => !/[{}]/.test(text)))
  })

  it('become examples with ids of their own that hold no text', () => {
    const examples = [...titles.map(exampleOfTitle), ...questions.map((question) => exampleOfQuestion(question))]
    assert.equal(new Set(examples.map(({ id }) => id)).size, new Set(examples.map(({ input }) => input.join())).size)
    assert.match(examples[0]?.id ?? '', /^title\/8\.1\.0\/[0-9a-f]{12}$/)
  })
})

describe('the recipe of a text bot', () => {
  const withChange = (change: (data: Record<string, Record<string, unknown>>) => void): string => {
    const data = parse(source) as Record<string, Record<string, unknown>>
    change(data)
    return JSON.stringify(data)
  }
  const refuse = (text: string, fault: RegExp) =>
    assert.throws(
      () => parseTitleRecipe(text, { file, labels }),
      (error) => error instanceof RecipeInvalid && fault.test(error.message),
    )

  it('is refused with the fault when a template has no place, a pattern is none, or a label is unknown', () => {
    refuse(
      withChange(({ questions }) => Object.assign(questions ?? {}, { templates: ['who?'] })),
      /must hold \{topic\}/,
    )
    refuse(
      withChange(({ titles }) => Object.assign(titles ?? {}, { masks: ['('] })),
      /not a regular expression/,
    )
    refuse(
      withChange(({ questions }) => Object.assign(questions?.['topics'] ?? {}, { kitchen: ['lunch'] })),
      /label kitchen: the bot does not have it/,
    )
  })

  it('has to stand for every label of the bot', () => {
    assert.throws(
      () => parseTitleRecipe(source, { file, labels: [...labels, 'kitchen'] }),
      /label kitchen: nothing stands for it/,
    )
  })
})
