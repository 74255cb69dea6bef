/** A connector that comes replica by replica while a sink sends: real servers. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { StandIn } from '../../../src/demo/stand-in.ts'
import { delivery, post, SECRET } from '../../support/deliveries.ts'
import { directoryForTest } from '../../support/directory.ts'
import { createDatabase } from '../../support/postgres.ts'
import { serveProduct, type Serving } from '../../support/product.ts'
import { standInForTest } from '../../support/stand-in.ts'
import { askOver } from '../../support/writing.ts'

const waitFor = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 60_000, interval: 50 })

/** A server of those connectors, whose sink adds to one file, whichever sends for it. */
const serve = (
  folder: string,
  standIn: StandIn,
  aliases: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<Serving> => {
  const config = join(folder, `${aliases.join('-')}.json`)
  const keys: Readonly<Record<string, string>> = {
    acme: standIn.keys.full,
    globex: standIn.keys.readOnly,
  }
  const settings = {
    connectors: aliases.map(alias => ({
      ...{ alias, apiKey: keys[alias], url: standIn.url, webhookSecret: SECRET },
    })),
    sinks: [
      {
        ...{ name: 'spool', kind: 'file', path: join(folder, 'spool.ndjson') },
        ...{ plain: true, send: ['events'] },
      },
    ],
  }
  writeFileSync(config, JSON.stringify(settings))
  return serveProduct({
    environment: {
      PUSHGRAPH_CONFIG: config,
      PUSHGRAPH_DATA_DIR: join(folder, aliases.join('-')),
      ...more,
    },
  })
}

const idsIn = (folder: string): readonly string[] => {
  const spool = join(folder, 'spool.ndjson')
  if (!existsSync(spool)) return []
  const lines = readFileSync(spool, 'utf8').split('\n').slice(0, -1)
  return lines.map(line => (JSON.parse(line) as { readonly id: string }).id)
}

const send = async ({ url }: Serving, connector: string, id: string): Promise<void> => {
  const timestamp = Math.floor(Date.now() / 1_000)
  expect(await post(url, delivery({ id, timestamp }), { connector })).toMatchObject({ status: 200 })
}

/** How much the sink has sent; null where another server sends. */
const sentBy = async ({ url }: Serving): Promise<unknown> =>
  (await askOver(url, '{ connectors { sinks { sent } } }')).data.connectors[0].sinks[0].sent

const WAITS = /what is stored of connector globex, which is not served here, waits until it is/g

test('a connector that a newer replica serves loses nothing while an older one sends', async () => {
  const standIn = await standInForTest()
  const folder = directoryForTest()
  const PUSHGRAPH_DATABASE_URL = await createDatabase()
  const older = await serve(folder, standIn, ['acme'], { PUSHGRAPH_DATABASE_URL })
  await waitFor(async () => {
    expect(await sentBy(older)).toBe(0)
  })
  const newer = await serve(folder, standIn, ['acme', 'globex'], { PUSHGRAPH_DATABASE_URL })
  for (const number of [1, 2, 3]) {
    await send(newer, 'globex', `g${number}`)
    await send(newer, 'acme', `a${number}`)
  }
  await waitFor(() => {
    expect(idsIn(folder)).toEqual(['a1', 'a2', 'a3'])
  })
  expect(older.output().match(WAITS)).toHaveLength(1)
  older.kill('SIGKILL')
  await older.ended
  await waitFor(() => {
    expect([...new Set(idsIn(folder))]).toEqual(['a1', 'a2', 'a3', 'g1', 'g2', 'g3'])
  })
  newer.kill('SIGTERM')
  await newer.ended
})
