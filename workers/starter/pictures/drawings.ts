import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import * as avatars from '@dicebear/collection'
import { createAvatar, type Style } from '@dicebear/core'
import { getIconData, iconToHTML, iconToSVG } from '@iconify/utils'
import { seededRandom, shuffled, type Random } from '../../../domain/model/seeded-random.ts'
import type { Recipe } from './recipe.ts'

/** One drawing, not yet rendered. */
export interface Drawing {
  /** Where it comes from: the package or style, and its name or seed there. */
  readonly id: string
  readonly label: string
  readonly vendor: string
  readonly svg: string
}

/** An icon set as the packages' `icons.json` has it. */
type IconSet = Parameters<typeof getIconData>[0]

type Rule = Recipe['emoji']['rules'][number]
type EmojiPackage = Recipe['emoji']['packages'][number]

/** Names by the rule that takes them, cut to as many as the rule wants; which ones is decided by the seed. */
function chosenNames(names: readonly string[], rules: readonly Rule[], random: Random) {
  const taken = new Map<Rule, string[]>(rules.map((rule) => [rule, []]))
  for (const name of names) {
    const rule = rules.find((candidate) => candidate.names.test(name))
    if (rule !== undefined) taken.get(rule)?.push(name)
  }
  return [...taken].flatMap(([rule, all]) => {
    const chosen = rule.most === undefined ? all : shuffled(all, random).slice(0, rule.most)
    return chosen.toSorted().map((name) => ({ name, label: rule.label }))
  })
}

function svgOfIcon(set: IconSet, name: string, pixels: number): string | undefined {
  const icon = getIconData(set, name)
  if (icon === null) return undefined
  const { attributes, body } = iconToSVG(icon, { height: pixels })
  return iconToHTML(body, { ...attributes, color: '#000000' })
}

async function emojiOf(source: EmojiPackage, recipe: Recipe): Promise<readonly Drawing[]> {
  const path = createRequire(import.meta.url).resolve(`${source.package}/icons.json`)
  const set = JSON.parse(await readFile(path, 'utf8')) as IconSet
  const chosen = chosenNames(Object.keys(set.icons).toSorted(), recipe.emoji.rules, seededRandom(recipe.seed))
  return chosen.flatMap(({ name, label }) => {
    const svg = svgOfIcon(set, name, recipe.pixels)
    const id = `${source.package.replace('@iconify-json/', '')}/${name}`
    return svg === undefined ? [] : [{ id, label: source.always ?? label, vendor: source.vendor, svg }]
  })
}

/** The styles of the package, by their names. */
const styles = new Map<string, Style<object>>(Object.entries(avatars) as [string, Style<object>][])

function avatarsOf(source: Recipe['avatars'][number], recipe: Recipe, place: number): readonly Drawing[] {
  const style = styles.get(source.style)
  if (style === undefined) throw new TypeError(`there is no avatar style ${source.style}`)
  return Array.from({ length: source.count }, (_, index) => {
    const seed = `${recipe.seed}-${place}-${index}`
    const options = { ...source.options, seed, size: recipe.pixels }
    return {
      id: `${source.style}/${seed}`,
      label: source.label,
      vendor: source.vendor,
      svg: createAvatar(style, options).toString(),
    }
  })
}

/**
 * The drawings of a recipe, always the same ones in the same order. One emoji package after the other, because the
 * largest takes half a gigabyte while it is read.
 */
export async function* drawingsOf(recipe: Recipe): AsyncGenerator<Drawing> {
  for (const source of recipe.emoji.packages) yield* await emojiOf(source, recipe)
  for (const [place, source] of recipe.avatars.entries()) yield* avatarsOf(source, recipe, place)
}
