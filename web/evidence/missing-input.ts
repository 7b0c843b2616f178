import { baseExampleOf } from '../../domain/prediction.ts'

/** What is said of something that a person sent. */
export const goneWords = 'It is not kept any more.'

/** What stands in the place of an input that cannot be shown. Of datasets that were made elsewhere only names are known. */
export function missingInputWords(prediction: string): string {
  const example = baseExampleOf(prediction)
  return example === undefined ? goneWords : `An example of the dataset: ${example}`
}
