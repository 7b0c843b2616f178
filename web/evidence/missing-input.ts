const ofDataset = 'base:'

/** What is said of something that a person sent. */
export const goneWords = 'It is not kept any more.'

/** What stands in the place of an input that cannot be shown. Of a dataset's own examples the models keep no picture and no text. */
export const missingInputWords = (prediction: string): string =>
  prediction.startsWith(ofDataset) ? `An example of the dataset: ${prediction.slice(ofDataset.length)}` : goneWords
