import { Button, Card, Code, Flex, Heading, Text } from '@radix-ui/themes'
import { Page } from './page.tsx'

/** For whoever is not signed in: how to sign in. There are no passwords. */
export const SignedOut = ({ again }: { readonly again: () => void }) => (
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
