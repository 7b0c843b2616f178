import { DropdownMenu, IconButton } from '@radix-ui/themes'
import type { Session } from '../../api/contract/people.ts'
import { useSignOut } from '../operator/queries.ts'
import { Icon } from './icons.tsx'

const roleWords = (roles: Session['roles']): string =>
  Object.entries(roles)
    .map(([bot, role]) => (bot === '*' ? `${role} of every bot` : `${role} of ${bot}`))
    .join(', ') || 'no role yet'

export function AccountMenu({ session }: { readonly session: Session }) {
  const signOut = useSignOut()
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger>
        <IconButton variant="ghost" color="gray" size="3" aria-label="Your account">
          <Icon name="person" />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content align="end">
        <DropdownMenu.Label>
          {session.person.name}: {roleWords(session.roles)}
        </DropdownMenu.Label>
        <DropdownMenu.Separator />
        <DropdownMenu.Item asChild>
          <a href="/docs" target="_blank" rel="noreferrer">
            The API’s description
          </a>
        </DropdownMenu.Item>
        <DropdownMenu.Item color="red" onSelect={() => signOut.mutate()}>
          Sign out
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}
