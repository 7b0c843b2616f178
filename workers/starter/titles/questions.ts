import { normaliseText } from '../../../domain/model/preprocessing.ts'
import { seededRandom, shuffled, type Random } from '../../../domain/model/seeded-random.ts'
import type { LabelledTitle } from './labelled-titles.ts'
import type { TitleRecipe } from './recipe.ts'

/** A question made by a template. */
export interface Question {
  readonly text: string
  readonly label: string
  /** What it is about; questions about one topic are never on both sides of an evaluation. */
  readonly topic: string
}

const draw = (templates: readonly string[], count: number, random: Random): readonly string[] =>
  shuffled(templates, random).slice(0, count)

function aboutTopics({ questions }: TitleRecipe, random: Random): readonly Question[] {
  return Object.entries(questions.topics).flatMap(([label, topics]) =>
    topics.flatMap((topic) =>
      draw(questions.templates, questions.perTopic, random).map((template) => ({
        text: normaliseText(template.replace('{topic}', () => topic)),
        label,
        topic,
      })),
    ),
  )
}

function aboutTitles(
  { questions, titles: { teams } }: TitleRecipe,
  titles: readonly LabelledTitle[],
  random: Random,
): readonly Question[] {
  return [...new Set(teams.map(({ label }) => label))].flatMap((label) =>
    shuffled(
      titles.filter((title) => title.label === label),
      random,
    )
      .slice(0, questions.titlesPerTeam)
      .flatMap(({ text }) =>
        draw(questions.titleTemplates, questions.perTitle, random).map((template) => ({
          text: normaliseText(template.replace('{title}', () => text)),
          label,
          topic: text,
        })),
      ),
  )
}

/** The questions of a recipe: about its topics, and about some of the titles; the same for the same seed. */
export function questionsOf(recipe: TitleRecipe, titles: readonly LabelledTitle[]): readonly Question[] {
  const random = seededRandom(recipe.seed)
  return [...aboutTopics(recipe, random), ...aboutTitles(recipe, titles, random)]
}
