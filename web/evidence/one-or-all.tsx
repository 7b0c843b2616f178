import { Select } from '@radix-ui/themes'
import { useSearchParams } from 'wouter'

/** A select cannot have an empty value. */
const everything = 'all'

/** One field of the page's address: '' when it does not restrict. */
export function useAddressField(name: string): readonly [value: string, set: (value: string) => void] {
  const [query, setQuery] = useSearchParams()
  const set = (value: string) =>
    setQuery(
      (before) => {
        const after = new URLSearchParams(before)
        if (value) after.set(name, value)
        else after.delete(name)
        return after
      },
      { replace: true },
    )
  return [query.get(name) ?? '', set]
}

/** A choice of one option or of all. */
export const OneOrAll = ({
  name,
  all,
  value,
  options,
  choose,
}: {
  readonly name: string
  readonly all: string
  readonly value: string
  readonly options: readonly (readonly [value: string, words: string])[]
  readonly choose: (value: string) => void
}) => (
  <Select.Root value={value || everything} onValueChange={(chosen) => choose(chosen === everything ? '' : chosen)}>
    <Select.Trigger aria-label={name} variant={value ? 'soft' : 'surface'} />
    <Select.Content position="popper">
      <Select.Item value={everything}>{all}</Select.Item>
      <Select.Separator />
      {options.map(([option, words]) => (
        <Select.Item key={option} value={option}>
          {words}
        </Select.Item>
      ))}
    </Select.Content>
  </Select.Root>
)
