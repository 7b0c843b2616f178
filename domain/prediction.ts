/** One prediction: what was said about one picture, or the text, of one message. */
export interface PredictionRef {
  readonly messageId: string
  /** The place of the picture in the message; 0 for a text. */
  readonly position: number
}

/** `<message>` for the first picture, `<message>_<position>` for the others. */
export const predictionId = ({ messageId, position }: PredictionRef): string =>
  position === 0 ? messageId : `${messageId}_${position}`

const ofDataset = 'base:'

/** What a comparison calls a base example of the dataset, where it calls others by their prediction. */
export const baseExampleId = (example: string): string => `${ofDataset}${example}`

/** The base example that a comparison names, or `undefined` when it names a prediction. */
export const baseExampleOf = (id: string): string | undefined =>
  id.startsWith(ofDataset) ? id.slice(ofDataset.length) : undefined

const pattern = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:_([1-9]\d?))?$/

/** The prediction that an id names, or `undefined` when it is none. */
export function parsePredictionId(id: string): PredictionRef | undefined {
  const [, messageId, position] = pattern.exec(id) ?? []
  return messageId === undefined ? undefined : { messageId, position: Number(position ?? 0) }
}
