/** What a real server tells of its sinks to callers who see some of the connectors. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openEvents } from '../../../src/events/events.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { directoryForTest } from '../../support/directory.ts'
import { serveProduct } from '../../support/product.ts'
import { storedEvent } from '../../support/rows.ts'
import { standInForTest } from '../../support/stand-in.ts'
import { runCommand } from '../../support/terminal.ts'
import { askOver } from '../../support/writing.ts'

const SINKS = '{ connectors { sinks { name lastError } } }'

const waitFor = <Result>(check: () => Promise<Result>): Promise<Result> =>
  vi.waitFor(check, { timeout: 60_000, interval: 50 })

test('a caller is told that a sink is behind as far as it sees what that sends', async () => {
  const standIn = await standInForTest()
  const folder = directoryForTest()
  const data = join(folder, 'data')
  mkdirSync(data)
  const path = join(data, 'events.db')
  const events = await openEvents({ path, retentionDays: 90, clock: systemClock })
  const receivedAt = Date.now() / 1_000 - 3_600
  await events.append(storedEvent({ id: 'e1', connector: 'acme', receivedAt }))
  await events.close()

  const put = (name: string, content: object): string => {
    writeFileSync(join(folder, name), JSON.stringify(content))
    return join(folder, name)
  }
  const aliases = ['acme', 'globex']
  const newToken = async (connectors: string) => {
    const { output } = await runCommand(['token', 'new', '--name', 'x', '--connectors', connectors])
    const [token = '', entry = ''] = output.split('\n')
    return { token, entry: { ...(JSON.parse(entry) as object), name: connectors } }
  }
  const callers = await Promise.all(aliases.map(newToken))
  const behind = { kind: 'file', since: 'beginning' }
  const server = await serveProduct({
    environment: {
      PUSHGRAPH_CONFIG: put('config.json', {
        connectors: aliases.map(alias => ({
          ...{ alias, apiKey: standIn.keys.full, url: standIn.url },
        })),
        sinks: [
          { ...behind, name: 'all', path: join(folder, 'missing', 'all.ndjson') },
          {
            ...behind,
            name: 'own',
            path: join(folder, 'missing', 'own.ndjson'),
            connectors: ['acme'],
          },
        ],
      }),
      PUSHGRAPH_AUTH: 'tokens',
      PUSHGRAPH_TOKENS_FILE: put(
        'tokens.json',
        callers.map(({ entry }) => entry),
      ),
      PUSHGRAPH_DATA_DIR: data,
    },
  })
  const told = (index: number) =>
    waitFor(async () => {
      const headers = { authorization: `Bearer ${callers[index]?.token ?? ''}` }
      const answer = await fetch(`${server.url}/readyz`, { headers })
      const { reasons = [] } = (await answer.json()) as { reasons?: readonly string[] }
      const ofSinks = reasons.filter(reason => reason.startsWith('Sink '))
      expect(ofSinks.join()).toContain('Sink all is')
      return {
        reasons: ofSinks.toSorted(),
        sinks: (await askOver(server.url, SINKS, {}, headers)).data.connectors[0].sinks,
      }
    })
  await waitFor(async () => {
    expect(await told(0)).toMatchObject({
      reasons: [
        expect.stringMatching(/^Sink all is 6\d minutes behind$/),
        expect.stringMatching(/^Sink own is 6\d minutes behind: .* its folder is not there/),
      ],
      sinks: [
        { name: 'all', lastError: null },
        { name: 'own', lastError: expect.stringContaining('folder') },
      ],
    })
  })
  expect(await told(1)).toMatchObject({
    reasons: [expect.stringMatching(/^Sink all is 6\d minutes behind$/)],
    sinks: [{ name: 'all', lastError: null }],
  })
  server.kill('SIGTERM')
  await server.ended
})
