/** What is said in the place of the next run: a schedule that is lost is made again, one that cannot be asked for may be there. */
export const noScheduleWords = (known: boolean): string =>
  known
    ? 'it has no schedule: “Check now” makes it again, and so does the next start of the learning worker'
    : 'not known: Temporal does not answer'
