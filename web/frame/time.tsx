import { fullTime, shortTime } from '../words.ts'

/** A moment in the reader's own time zone; the exact one is in its tooltip. */
export const Time = ({ iso }: { readonly iso: string }) => (
  <time dateTime={iso} title={fullTime(iso)}>
    {shortTime(iso, new Date())}
  </time>
)
