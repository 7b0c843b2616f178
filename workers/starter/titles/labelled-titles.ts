import { normaliseText } from '../../../domain/model/preprocessing.ts'
import { changeTitlesOf, type ChangeTitle } from './changelog.ts'
import type { TitleRecipe } from './recipe.ts'

/** A title with the team that its tag names. */
export interface LabelledTitle {
  readonly text: string
  readonly label: string
  readonly release: string
  readonly date: string
  /** `v8`: the major release; `v8-late`: one that came out after the test part had begun. */
  readonly vendor: string
}

const majorOf = ({ release }: Pick<ChangeTitle, 'release'>): number => Number.parseInt(release, 10)

function labelOf({ titles }: TitleRecipe, tag: string): string | undefined {
  const lower = tag.toLowerCase()
  return titles.teams.find(({ tags }) => tags.test(lower))?.label
}

/** Of each text its first appearance; texts that two teams claim are left out, they teach nothing. */
function firstOfEach(titles: readonly Omit<LabelledTitle, 'vendor'>[]): readonly Omit<LabelledTitle, 'vendor'>[] {
  const first = new Map<string, Omit<LabelledTitle, 'vendor'>>()
  const claims = new Map<string, Set<string>>()
  for (const title of titles) {
    claims.set(title.text, (claims.get(title.text) ?? new Set()).add(title.label))
    const before = first.get(title.text)
    if (before === undefined || title.date < before.date) first.set(title.text, title)
  }
  return [...first.values()].filter(({ text }) => claims.get(text)?.size === 1)
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/**
 * The titles of change logs with their teams, oldest first, each text once.
 * @param changelogs the texts of the change logs; releases that several of them hold are one.
 */
export function labelledTitlesOf(changelogs: readonly string[], recipe: TitleRecipe): readonly LabelledTitle[] {
  const all = changelogs.flatMap(changeTitlesOf).flatMap((title) => {
    const label = labelOf(recipe, title.tag)
    const text = normaliseText(title.text)
    return label === undefined || text === '' ? [] : [{ text, label, release: title.release, date: title.date }]
  })
  const { testMajor } = recipe.titles
  const starts = all.filter((title) => majorOf(title) === testMajor).map(({ date }) => date)
  const start = starts.toSorted()[0] ?? '9999'
  return firstOfEach(all)
    .map((title) => {
      const major = majorOf(title)
      return { ...title, vendor: major < testMajor && title.date >= start ? `v${major}-late` : `v${major}` }
    })
    .toSorted((one, other) => compare(one.date, other.date) || compare(one.text, other.text))
}

/** What is learned from and what is judged: majors before the test major, and the test major. */
export function splitOf(titles: readonly LabelledTitle[], { titles: { testMajor } }: TitleRecipe) {
  const vendors = [...new Set(titles.map(({ vendor }) => vendor))]
  const isPast = (vendor: string) => /^v\d+$/.test(vendor) && Number(vendor.slice(1)) < testMajor
  return { past: vendors.filter(isPast).toSorted(), test: [`v${testMajor}`] }
}

/** The title without the words that name a component; what is left may say nothing. */
export const maskTitle = (text: string, { titles: { masks } }: TitleRecipe): string =>
  normaliseText(masks.reduce((left, mask) => left.replace(mask, ' component '), text))
