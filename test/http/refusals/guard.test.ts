import { describe, expect, test } from 'vitest'
import { mayOpenSocket } from '../../../src/http/refusals/guard.ts'

describe('a socket may be opened', () => {
  const local = 'localhost:4000'

  test.each<[who: string, host: string | undefined, origin: string | undefined, may: boolean]>([
    ['by a program on this machine', local, undefined, true],
    ['by our own page', local, `http://${local}`, true],
    ['by a page of another site', local, 'https://evil.example', false],
    ['by a page of this machine on another port', local, 'http://localhost:8080', false],
    ['by a page that has no origin of its own', local, 'null', false],
    [
      'under the name of another site that leads here',
      'evil.example',
      'http://evil.example',
      false,
    ],
    ['under such a name by a program', 'evil.example', undefined, false],
    ['under no name', undefined, undefined, false],
    ['under a name that cannot be read', 'a b', undefined, false],
  ])('%s: host %s, origin %s: %s', (_who, host, origin, may) => {
    expect(mayOpenSocket({ host, origin }, false)).toBe(may)
  })

  test('by whoever reaches a server that is open to all, under any name', () => {
    const open = (host: string | undefined, origin?: string) =>
      mayOpenSocket({ host, origin }, true)
    expect([open('graph.example'), open('graph.example', 'https://app.example')]).toEqual([
      true,
      true,
    ])
    expect(open('a b')).toBe(false)
  })
})
