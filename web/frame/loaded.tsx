import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ProblemNotice } from './notices.tsx'

/** Shows an answer when it is there, a skeleton until then, and a problem beside the last answer if there was one. */
export function Loaded<T>({
  query,
  skeleton,
  children,
}: {
  readonly query: UseQueryResult<T>
  readonly skeleton: ReactNode
  readonly children: (data: T) => ReactNode
}) {
  return (
    <>
      {query.isError && <ProblemNotice error={query.error} again={() => void query.refetch()} />}
      {query.data === undefined ? query.isPending && <div aria-busy="true">{skeleton}</div> : children(query.data)}
    </>
  )
}
