const ofDataset = 'base:'

/** Whether a comparison is about a base example of the dataset, and not about something that a person sent. */
export const isBaseExample = (prediction: string): boolean => prediction.startsWith(ofDataset)

/** What is said of something that a person sent. */
export const goneWords = 'It is not kept any more.'

/** What stands in the place of an input that cannot be shown. Of datasets that were made elsewhere only names are known. */
export const missingInputWords = (prediction: string): string =>
  isBaseExample(prediction) ? `An example of the dataset: ${prediction.slice(ofDataset.length)}` : goneWords
