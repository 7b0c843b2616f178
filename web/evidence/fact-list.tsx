import { DataList } from '@radix-ui/themes'
import type { ReactNode } from 'react'

/** Facts, each with its name; one that is `null` or `undefined` is left out. */
export const FactList = ({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) => (
  <DataList.Root size="2" className="facts" orientation={{ initial: 'vertical', xs: 'horizontal' }}>
    {facts
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => (
        <DataList.Item key={name}>
          <DataList.Label minWidth="120px">{name}</DataList.Label>
          <DataList.Value>
            <span>{value}</span>
          </DataList.Value>
        </DataList.Item>
      ))}
  </DataList.Root>
)
