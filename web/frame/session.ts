import { createContext, use } from 'react'
import type { Session } from '../../api/contract/people.ts'
import { mayAct, type Role } from '../../domain/people.ts'

/** Who is signed in; nobody may do anything outside the frame. */
export const SessionContext = createContext<Session>({ person: { id: '', name: '' }, roles: {} })

export const useSignedIn = (): Session => use(SessionContext)

/** Whether the person may do with `bot` what `role` may. The API decides; the pages only leave out what it would refuse. */
export const may = ({ person, roles }: Session, bot: string, role: Role): boolean =>
  mayAct({ id: person.id, roles }, bot, role)
