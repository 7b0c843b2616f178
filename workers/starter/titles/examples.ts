import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelNotReady } from '../../../domain/errors.ts'
import { normaliseText } from '../../../domain/model/preprocessing.ts'
import type { RawExample } from '../../../models/datasets/examples.ts'
import { bytesOfText } from '../../../models/families/text-classifier/dataset.ts'
import type { LabelledTitle } from './labelled-titles.ts'
import type { Question } from './questions.ts'
import type { TitleRecipe } from './recipe.ts'

/**
 * The change logs of a folder, in the order of their names.
 * @throws ModelNotReady when there is none.
 */
export async function readChangelogs(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.md')).toSorted()
  if (names.length === 0)
    throw new ModelNotReady('the change logs that it learns from are not there; `npm start` provisions them')
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

type TextExample = RawExample<Uint8Array>

export const exampleOfTitle = ({ text, label, release, vendor }: LabelledTitle): TextExample => ({
  id: `title/${release}/${shortHash(text)}`,
  label,
  vendor,
  weight: 1,
  input: bytesOfText(text),
})

export const exampleOfQuestion = ({ text, label }: Question, vendor = 'questions'): TextExample => ({
  id: `question/${shortHash(text)}`,
  label,
  vendor,
  weight: 1,
  input: bytesOfText(text),
})

export const exampleOfGolden = ({ text, label }: TitleRecipe['golden'][number]): TextExample => ({
  id: `golden/${shortHash(text)}`,
  label,
  vendor: 'golden',
  weight: 1,
  input: bytesOfText(normaliseText(text)),
})

/** As the stream that a family reads. */
export async function* streamOf(examples: readonly TextExample[]): AsyncGenerator<TextExample> {
  for (const example of examples) yield await Promise.resolve(example)
}
