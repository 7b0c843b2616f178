import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oauthSignature } from './oauth.ts'
import { xInTest } from './test-network.ts'
import { xSignature } from './webhook.ts'

void test("signatures are those of X's own documentation", () => {
  assert.equal(xSignature('consumer-secret', 'challenge_string'), 'sha256=S/mG8E9n5SjoGuCqHguvP8K8uuu5ogCPF0dOpIdyZlk=')
  assert.equal(
    xSignature('consumer-secret', Buffer.from('{"a":1}')),
    'sha256=5gBwR3qx6BzZFVpEj/8qjvH5fyQqh0HDZEJKyiXG/+Y=',
  )
})

void test("an OAuth 1.0a signature is the one of X's page on creating a signature", () => {
  const params = [
    ['status', 'Hello Ladies + Gentlemen, a signed OAuth request!'],
    ['include_entities', 'true'],
    ['oauth_consumer_key', 'xvz1evFS4wEEPTGEFPHBog'],
    ['oauth_nonce', 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '1318622958'],
    ['oauth_token', '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb'],
    ['oauth_version', '1.0'],
  ] as const
  assert.equal(
    oauthSignature(
      { method: 'POST', url: 'https://api.twitter.com/1.1/statuses/update.json', params },
      {
        consumer: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
        token: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
      },
    ),
    'hCtSmYh+iHYCEqBWrE7C7hYmtUk=',
  )
})

void test('the right signature is let in, any other gets 401', async (context) => {
  const { client, clientWith, simulator } = await xInTest(context)
  assert.equal((await client.v2.me()).data.id, '900')
  await assert.rejects(clientWith('wrong').v2.me(), { code: 401 })
  for (const authorization of ['', 'Bearer app-only', 'OAuth oauth_signature="x"', 'OAuth %zz="%zz"']) {
    const response = await fetch(`${simulator.url}/2/users/me`, { headers: { authorization } })
    assert.equal(response.status, 401)
    assert.equal(((await response.json()) as { title: string }).title, 'Unauthorized')
  }
})
