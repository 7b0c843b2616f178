import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeopleDeps } from '../../activities/people/place.ts'
import { ServiceUnavailable } from '../../domain/errors.ts'
import { blindScene } from '../../test/support/learning/blind-scene.ts'
import { useDatabase } from '../../test/support/database.ts'
import { closePosts } from './close-posts.ts'

const db = useDatabase()

test('a bot that may not post stops no other one, and its posts close when it may', async () => {
  const [mute, other] = [await blindScene(db()), await blindScene(db())]
  for (const { asked, labels, reviewer } of [mute, other]) await labels((await asked()).question.id, await reviewer())
  const scenes = new Map([mute, other].map((scene) => [scene.name, scene]))
  const sceneOf = (name: string) => scenes.get(name) ?? assert.fail('nobody knows it')
  const channelOf: PeopleDeps['channelOf'] = (name) => sceneOf(name).channel
  const deps: PeopleDeps = { ...mute.deps, botOf: (name) => sceneOf(name).bot, channelOf }
  const withoutToken: PeopleDeps['channelOf'] = (name, channel) => {
    if (name === mute.name) throw new ServiceUnavailable(`slack for ${name}`, 'no credentials are configured for it')
    return channelOf(name, channel)
  }
  const lines: object[] = []
  const sweep = (people: PeopleDeps) =>
    closePosts(people, [...scenes.keys()], { warn: (line: object) => void lines.push(line) })
  await sweep({ ...deps, channelOf: withoutToken })
  assert.deepEqual([mute.updates.length, other.updates.length], [0, 1])
  assert.deepEqual(lines, [{ bot: mute.name, error: 'Error', code: 'ServiceUnavailable' }])
  for (let time = 0; time < 2; time += 1) await sweep(deps)
  assert.deepEqual([mute.updates.length, other.updates.length, lines.length], [1, 1, 1])
})
