import { createContext, use } from 'react'
import type { Session } from '../operator/answers.ts'

/** Who is signed in; nobody may do anything outside the frame. */
export const SessionContext = createContext<Session>({ person: { id: '' }, roles: {} })

export const useSignedIn = (): Session => use(SessionContext)
