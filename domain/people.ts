export const roles = ['viewer', 'reviewer', 'approver', 'admin'] as const
/** What a person may do with a bot. Each role may do what those before it may. */
export type Role = (typeof roles)[number]

/** A person as our records know them; `id` is our own random id. */
export interface Actor {
  readonly id: string
  /** Per bot; the key `*` stands for every bot. */
  readonly roles: Readonly<Record<string, Role>>
}

/** Whether `actor` may do with `bot` what `role` may. */
export function mayAct(actor: Actor, bot: string, role: Role): boolean {
  const held = [actor.roles['*'], actor.roles[bot]].filter((each) => each !== undefined)
  return held.some((each) => roles.indexOf(each) >= roles.indexOf(role))
}
