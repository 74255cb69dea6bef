/** The queries of docs/siem.md name what events have, in the version that each receiver is sent. */
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { collectionNames, collections } from '../../../src/model/collections.ts'
import { type Json, openTenant, type Tenant } from '../../support/siem/exported.ts'
import { pathsOf, type PathFacts, splunkPath } from '../../support/siem/paths.ts'
import { look, page, queries } from '../../support/siem/queries.ts'
import { type OcsfVersion, ocsfVersions } from '../../../src/ocsf/ocsf.ts'

let tenant: Tenant
const paths = new Map<OcsfVersion, ReadonlyMap<string, PathFacts>>()
/** By receiver: of what its recipe sends. */
const sent = new Map<string, ReadonlyMap<string, PathFacts>>()
beforeAll(async () => {
  tenant = await openTenant()
  for (const version of ['1.3.0', '1.8.0'] as const)
    paths.set(version, pathsOf(await tenant.events(version)))
  for (const [receiver, version] of versions)
    sent.set(receiver, pathsOf((await tenant.events(version)).filter(isSentTo(receiver))))
})
afterAll(async () => tenant.close())

/** By receiver, from the page's first table. */
const versions = new Map(
  [...page.matchAll(/^\| ([A-Z][\w ]+?) +\| (1\.\d\.0) /gm)].map(
    ([, receiver = '', version = '']) => [receiver, version as OcsfVersion],
  ),
)

/** Whether the sink of the receiver's recipe sends that event; an export has all of them. */
const isSentTo = (receiver: string): ((event: Json) => boolean) => {
  const [, recipe] = new RegExp(`^\\| ${receiver} .*?/siem/([\\w-]+)/`, 'm').exec(page) ?? []
  const file = new URL(`../../../examples/siem/${recipe}/pushgraph.yaml`, import.meta.url)
  if (!existsSync(file)) return () => true
  const { sinks } = parse(readFileSync(file, 'utf8')) as {
    readonly sinks: readonly [
      { readonly send: readonly string[]; readonly types?: readonly string[] },
    ]
  }
  const { send, types = collectionNames } = sinks[0]
  const objects = collectionNames
    .filter(name => send.includes('changes') && types.includes(name))
    .map(name => collections[name].webhook.object as string)
  return event => {
    const { log_name: log, event_code: code } = event['metadata'] as Readonly<
      Record<string, string>
    >
    return log === 'push_security_webhook' ? send.includes('events') : objects.includes(code ?? '')
  }
}

const pathsIn = (version: OcsfVersion): ReadonlyMap<string, PathFacts> => {
  const found = paths.get(version)
  if (found === undefined) throw new Error(`No receiver is sent ${version}`)
  return found
}

test('every receiver has a version that there is, and a query where it has a language for them', () => {
  expect([...versions.keys()]).toHaveLength(7)
  for (const version of versions.values()) expect(ocsfVersions).toContain(version)
  const asked = new Set(queries.map(({ receiver }) => receiver))
  expect([...asked, 'Cisco XDR'].toSorted()).toEqual([...versions.keys()].toSorted())
})

describe('a query of docs/siem.md', () => {
  test.each(queries.map((query, index) => ({ ...query, number: index + 1 })))(
    'number $number, for $receiver, names and compares what there is',
    query => {
      const known = sent.get(query.receiver) ?? pathsIn('1.9.0')
      const write = (path: string) => (query.language === 'spl' ? splunkPath(path, known) : path)
      const { attributes, compared, problems } = look(query, known, write)
      expect(problems).toEqual([])
      expect(attributes).toBeGreaterThan(3)
      expect(compared).toBeGreaterThan(0)
    },
  )

  test.each([
    ['spl', 'class_uid=2004 | table finding_info.titel', 'no event has finding_info.titel'],
    ['spl', 'class_uid=2005', 'no event has 2005 as class_uid'],
    ['spl', 'finding_info.types=PHISHING', 'no event has finding_info.types'],
    ['kusto', 'PushOcsf_CL | where evidences[0].uri == 1', 'no event has evidences.uri'],
    ['sql', 'WITH a AS (SELECT time) SELECT a.tyme FROM a', 'no event has a.tyme'],
    ['kusto', 'PushOcsf_CL | where severity == "Severe"', 'no event has Severe as severity'],
    ['esql', 'FROM logs-push.ocsf-* | WHERE ocsf.user.mail == "a"', 'no event has user.mail'],
    ['sql', 'SELECT "user".email FROM push_x', 'no event has user.email'],
    [
      'sql',
      "WHERE contains(finding_info.types, 'FISHING')",
      'no event has FISHING as finding_info.types',
    ],
    ['sql snowflake', "WHERE metadata:event_cod = 'X'", 'no event has metadata.event_cod'],
    ['text datadog', 'source:push-security @ocsf.status_id:7', 'no event has 7 as status_id'],
  ])('in %s that is wrong is found out: %s', (language, text, problem) => {
    const known = pathsIn('1.8.0')
    const write = (path: string) => (language === 'spl' ? splunkPath(path, known) : path)
    expect(look({ language, text }, known, write).problems).toContain(problem)
  })
})

test('what the page says to join on is there', () => {
  const [table = ''] = /## What to join on\n([^]*?)\n## /.exec(page) ?? []
  const rows = [...table.matchAll(/^\| [^|]+\|([^|]+)\|/gm)].slice(2)
  const told = rows.flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([\w.[\]]+)`/g)].map(([, path = '']) => path),
  )
  expect(told.length).toBeGreaterThan(20)
  const known = pathsIn('1.8.0')
  for (const path of told) expect(known.has(path.replaceAll('[]', '')), path).toBe(true)
  for (const path of told.filter(one => one.includes('[]')))
    expect(known.get(path.slice(0, path.indexOf('[]')))?.isList, path).toBe(true)
})
