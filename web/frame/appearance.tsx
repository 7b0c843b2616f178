import { DropdownMenu, IconButton } from '@radix-ui/themes'
import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react'
import { Icon } from './icons.tsx'

const choices = { system: 'Like the system', light: 'Light', dark: 'Dark' } as const
type Choice = keyof typeof choices

interface Appearance {
  readonly choice: Choice
  readonly shown: 'light' | 'dark'
  readonly choose: (choice: Choice) => void
}

export const AppearanceContext = createContext<Appearance>({
  choice: 'system',
  shown: 'light',
  choose: () => undefined,
})

const storedUnder = 'understudy.appearance'
const isChoice = (text: string | null): text is Choice => text !== null && Object.hasOwn(choices, text)
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)')

function watchSystem(changed: () => void) {
  systemIsDark.addEventListener('change', changed)
  return () => systemIsDark.removeEventListener('change', changed)
}

function readChoice(): Choice {
  const stored = localStorage.getItem(storedUnder)
  return isChoice(stored) ? stored : 'system'
}

/** Light or dark: as the system has it, or as the person chose on this machine. */
export function useAppearanceChoice(): Appearance {
  const [choice, setChoice] = useState(readChoice)
  const dark = useSyncExternalStore(watchSystem, () => systemIsDark.matches)
  const system = dark ? 'dark' : 'light'
  const shown = choice === 'system' ? system : choice
  // The browser's own parts, such as scrollbars, follow too.
  useEffect(() => {
    document.documentElement.style.colorScheme = shown
  }, [shown])
  const choose = (wanted: Choice) => {
    localStorage.setItem(storedUnder, wanted)
    setChoice(wanted)
  }
  return { choice, shown, choose }
}

export function AppearanceMenu() {
  const { choice, shown, choose } = use(AppearanceContext)
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger>
        <IconButton variant="ghost" color="gray" size="3" aria-label="Light or dark">
          <Icon name={shown === 'dark' ? 'moon' : 'sun'} />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content align="end">
        <DropdownMenu.RadioGroup value={choice} onValueChange={(value) => isChoice(value) && choose(value)}>
          {Object.entries(choices).map(([value, words]) => (
            <DropdownMenu.RadioItem key={value} value={value}>
              {words}
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}
