import { Badge, Box, Button, Card, Code, Container, Flex, Heading, TabNav, Text, Tooltip } from '@radix-ui/themes'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import type { Session } from '../../api/contract/people.ts'
import { useLive } from '../operator/live.ts'
import { useSession } from '../operator/queries.ts'
import { AccountMenu } from './account-menu.tsx'
import { AppearanceMenu } from './appearance.tsx'
import { Mark } from './icons.tsx'
import { ProblemNotice } from './notices.tsx'
import { Page } from './page.tsx'
import { SessionContext } from './session.ts'

/** The pages of the navigation: a later page is a line here and a route in `app.tsx`. */
const places = [
  { path: '/', words: 'Home', isHere: (path: string) => path === '/' || path === '/find' },
  { path: '/conversations', words: 'Conversations', isHere: (path: string) => path.startsWith('/conversations') },
  { path: '/corrections', words: 'Corrections', isHere: (path: string) => path === '/corrections' },
  { path: '/label', words: 'Label', isHere: (path: string) => path === '/label' },
  {
    path: '/models',
    words: 'Models',
    isHere: (path: string) => path.startsWith('/models') || path.startsWith('/replays'),
  },
  { path: '/rollouts', words: 'Rollouts', isHere: (path: string) => path.startsWith('/rollouts') },
  { path: '/schedules', words: 'Schedules', isHere: (path: string) => path === '/schedules' },
] as const

function Navigation() {
  const [here] = useLocation()
  const bar = useRef<HTMLDivElement>(null)
  // On a phone the tabs are wider than the window: the one of this page comes into view.
  useEffect(() => {
    bar.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [here])
  return (
    <div className="navigation" ref={bar}>
      <TabNav.Root aria-label="Pages" size="2">
        {places.map(({ path, words, isHere }) => (
          <TabNav.Link key={path} asChild active={isHere(here)}>
            <Link href={path}>{words}</Link>
          </TabNav.Link>
        ))}
      </TabNav.Root>
    </div>
  )
}

function LiveBadge() {
  const live = useLive() === 'live'
  return (
    <Tooltip content={live ? 'Changes appear by themselves.' : 'Waiting for the connection; what you see may be old.'}>
      <Badge color={live ? 'green' : 'amber'} variant="soft" radius="full" role="status" tabIndex={0}>
        <span className={live ? 'lamp lamp-ok' : 'lamp lamp-waiting'} aria-hidden="true" />
        {live ? 'Live' : 'Connecting'}
      </Badge>
    </Tooltip>
  )
}

const Header = ({ session }: { readonly session?: Session }) => (
  <Box asChild className="header">
    <header>
      <Container size="4" px="4">
        <Flex align="center" gap="4" className="header-row">
          <Link href="/" className="brand" aria-label="Understudy, home">
            <Mark />
            <Text weight="bold" size="4" className="brand-name">
              Understudy
            </Text>
          </Link>
          {session && <Navigation />}
          <Flex align="center" gap="4" ml="auto" flexShrink="0">
            {session && <LiveBadge />}
            <AppearanceMenu />
            {session && <AccountMenu session={session} />}
          </Flex>
        </Flex>
      </Container>
    </header>
  </Box>
)

const Shell = ({ session, children }: { readonly session?: Session; readonly children: ReactNode }) => (
  <>
    <a href="#main" className="skip">
      Skip to the page
    </a>
    <Header {...(session && { session })} />
    <Container size="4" px="4" py={{ initial: '4', sm: '6' }} asChild>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </Container>
  </>
)

/** For whoever is not signed in: how to sign in. There are no passwords. */
const SignedOut = ({ again }: { readonly again: () => void }) => (
  <Page title="Sign in">
    <Card size="3">
      <Flex direction="column" gap="4" maxWidth="62ch">
        <Text as="p">Understudy has no passwords. You sign in with a link that works once, within 10 minutes.</Text>
        <Heading as="h2" size="4">
          Get a link
        </Heading>
        <ol className="steps">
          <li>
            Nothing runs yet? Type <Code>npm start</Code> in the project’s folder. It prints a sign-in link: open it
            here.
          </li>
          <li>
            It runs already? Type <Code>npx understudy sign-in</Code> for a fresh link.
          </li>
          <li>On another machine? Ask an admin for a link.</li>
        </ol>
        <Text as="p" size="2" color="gray">
          The link did not work? It was used before, or it is too old: ask for a fresh one.
        </Text>
        <Flex>
          <Button variant="soft" onClick={again}>
            I have signed in
          </Button>
        </Flex>
      </Flex>
    </Card>
  </Page>
)

/** What is around every page: header, navigation, and the sign-in for whoever has not. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const session = useSession()
  if (session.data)
    return (
      <Shell session={session.data}>
        <SessionContext value={session.data}>{children}</SessionContext>
      </Shell>
    )
  if (session.isPending) return <Shell>{null}</Shell>
  return (
    <Shell>
      {session.isError ? (
        <ProblemNotice error={session.error} again={() => void session.refetch()} />
      ) : (
        <SignedOut again={() => void session.refetch()} />
      )}
    </Shell>
  )
}
