/* How an evidence card's blocks are named: a click brings the name back, and with it what it is about. */

export const reasonField = 'reason'

/** The buttons under a card: which version, and which evidence it showed. */
export const decideBlock = (version: number, evidenceId: string): string => `decide:${version}:${evidenceId}`
/** The input for the reason; new evidence is a new input. */
export const reasonBlock = (evidenceId: string): string => `reason:${evidenceId}`
export const rollbackBlock = (version: number): string => `rollback:${version}`

/** What a block's name says of the decision under it, or `undefined`. */
export function decidedIn(blockId: string): { readonly version: number; readonly evidenceId: string } | undefined {
  const [, version, evidenceId] = /^decide:(\d{1,9}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(blockId) ?? []
  return evidenceId === undefined ? undefined : { version: Number(version), evidenceId }
}

/** The version that a block's name says is to be taken back, or `undefined`. */
export function rolledBackIn(blockId: string): number | undefined {
  const [, version] = /^rollback:(\d{1,9})$/.exec(blockId) ?? []
  return version === undefined ? undefined : Number(version)
}
