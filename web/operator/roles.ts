import type { Session } from './answers.ts'

/** Each role may do what those before it may; the API decides, the pages only leave out what it would refuse. */
const inOrder = ['viewer', 'reviewer', 'approver', 'admin']

/** Whether the person may do with `bot` what `role` may. */
export function may(session: Session, bot: string, role: 'viewer' | 'reviewer' | 'approver' | 'admin'): boolean {
  return [session.roles['*'], session.roles[bot]].some(
    (held) => held !== undefined && inOrder.indexOf(held) >= inOrder.indexOf(role),
  )
}
