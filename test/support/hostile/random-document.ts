/** Documents with variables as a caller may send them: valid ones, almost valid ones, and such as mean harm. */
import type { GraphQLSchema } from 'graphql'
import { type Chance, createChance } from './chance.ts'
import { createValid, words } from './valid-document.ts'

export interface HostileDocument {
  readonly kind: 'valid' | 'almost' | 'hostile'
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly operationName?: string
}

/** Makes the document of a seed, the same each time; `size` is how large the hostile ones are, 1 up to the limits. */
export type MakeDocument = (seed: number, size?: number) => HostileDocument

export const createHostileDocuments = (schema: GraphQLSchema): MakeDocument => {
  const valid = (chance: Chance): HostileDocument => createValid(schema, chance)
  return (seed, size = 1) => {
    const chance = createChance(seed)
    const dice = chance.below(10)
    if (dice < 4) return valid(chance)
    if (dice < 7) return almost(valid(chance), chance)
    return hostile(chance, size)
  }
}

/** One slip or a few: letters lost or doubled, names and variables exchanged. */
const almost = (document: HostileDocument, chance: Chance): HostileDocument => {
  let { query } = document
  const variables: Record<string, unknown> = { ...document.variables }
  const operationName = chance.oneIn(4) ? chance.pick(['', 'Q', 'R', 'é']) : undefined
  for (let slips = 1 + chance.few(3); slips > 0; slips -= 1) {
    const at = chance.below(query.length)
    const names = Object.keys(variables)
    const slip = chance.below(6)
    if (slip === 0) query = query.slice(0, at) + query.slice(at + 1)
    else if (slip === 1)
      query = query.slice(0, at) + chance.pick([...'{}()[]$@!:"#', '...']) + query.slice(at)
    else if (slip === 2)
      query = query.replace(/\w+(?=[^\w]*$)/, chance.pick(['nothing', 'id', 'first']))
    else if (slip === 3) query = query.slice(0, at)
    else if (names.length > 0)
      variables[chance.pick(names)] = chance.pick([
        null,
        5,
        -1,
        1e300,
        [],
        {},
        [[1]],
        { x: {} },
        ...words,
      ])
  }
  return {
    kind: 'almost',
    query,
    variables,
    ...(operationName === undefined ? {} : { operationName }),
  }
}

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

const lists = [
  'employees',
  'accounts',
  'apps',
  'browsers',
  'browserExtensions',
  'findings',
  'detections',
  'events',
]

/** Much of one thing, up to the limits and a little beyond. */
const hostile = (chance: Chance, size: number): HostileDocument => {
  const upTo = (most: number): number => 1 + chance.below(Math.max(1, Math.ceil(most * size * 1.1)))
  const list = chance.pick(lists)
  const word = JSON.stringify(chance.pick(words).toWellFormed())
  const makers: readonly (() => Omit<HostileDocument, 'kind'>)[] = [
    () => ({
      query: `{${times(upTo(500), i => `a${i}:${list}(first:${chance.pick([0, 1, 1000])}){totalCount nodes{id}}`)}}`,
    }),
    () => ({ query: `{${times(upTo(100), () => `${list}{nodes{id}}`)}}` }),
    () => ({
      query: `{accounts{${'nodes{app{accounts{'.repeat(upTo(12))}__typename${'}}}'.repeat(12)}}}`,
    }),
    () => ({
      query:
        '{employees(first:1000){nodes{accounts(first:12){nodes{app{accounts(first:40){nodes{employee{accounts(first:12){nodes{app{accounts(first:40){nodes{id}}}}}}}}}}}}}}',
    }),
    () => ({
      query: `{accounts(first:1){${times(upTo(490), i => `a${i}:groups(by:[ID,EMAIL,CREATED_HOUR,APP_ID],first:1){count}`)}}}`,
    }),
    () => ({ query: `{${times(upTo(499), i => `a${i}:_service{sdl}`)}}` }),
    () => ({ query: `{__schema{types{${'fields{type{'.repeat(upTo(6))}name${'}}'.repeat(6)}}}}` }),
    () => ({
      query: `{${times(upTo(30), i => `a${i}:search(value:${word}){totalCount edges{node{__typename}}}`)}}`,
    }),
    () => ({ query: `{${times(upTo(30), i => `a${i}:${list}(first:100){nodes{ocsf{json}}}`)}}` }),
    () => ({ query: `{${'a'.repeat(upTo(300))}}` }),
    () => ({ query: `{${times(upTo(2_000), i => `nothing${i}`)}}` }),
    () => ({ query: `{${list}(after:"${'\\n'.repeat(upTo(9_000))}"){totalCount}}` }),
    () => ({ query: `{apps${'{nodes{accounts'.repeat(upTo(110))}` }),
    () => ({
      query: chance.pick(['[', '{', '(', '{a', '{a(b:[', 'query($a:[']).repeat(upTo(20_000)),
    }),
    () => ({
      query: `{apps{nodes{...f0}}} ${times(upTo(300), i => `fragment f${i} on App{id ...f${i + 1}}`)}`,
    }),
    () => ({ query: `{apps{nodes{...f0}}} fragment f0 on App{accounts{nodes{app{...f0}}}}` }),
    () => {
      const levels = upTo(18)
      return {
        query: `{...f0} ${times(levels, i => `fragment f${i} on Query{...f${i + 1} ...f${i + 1}}`)} fragment f${levels} on Query{__typename}`,
      }
    },
    () => ({
      query: `{accounts(first:1){${'\n'.repeat(upTo(9_000))}${times(upTo(400), i => `a${i}:groupCount(by:[])`)}}}`,
    }),
    () => ({
      query: 'query($f:AppFilter!){apps(filter:$f,first:1){totalCount}}',
      variables: {
        f: {
          or: Array.from({ length: upTo(400) }, (_, i) => ({
            accounts: chance.pick<object>([
              { some: { id: { eq: `x${i}` } } },
              { every: { findings: { none: { id: { ne: `x${i}` } } } } },
              { count: { gt: i, where: { email: { startsWith: 'a' } } } },
            ]),
          })),
        },
      },
    }),
    () => ({
      query: 'query($f:BrowserFilter!){browsers(filter:$f,first:1){totalCount}}',
      variables: { f: { version: { gte: `1${'.0'.repeat(upTo(30_000))}` } } },
    }),
    () => ({
      query: `query($o:[GroupOrder!]){${list}(first:1){groups(by:[ID],orderBy:$o,first:5){count}}}`,
      variables: {
        o: Array.from({ length: upTo(2_900) }, () => ({
          by: chance.pick(['COUNT', 'KEY', 'TIME']),
        })),
      },
    }),
    () => ({ query: `query(${times(upTo(300), i => `$v${i}:Int`)}){__typename}` }),
    () => ({
      query: `{__typename ${times(upTo(500), () => chance.pick(['@include(if:true)', '@x', '@skip(if:1)']))}}`,
    }),
    () => ({
      query: times(upTo(50), i => `query q${i}{${list}{totalCount}}`),
      operationName: chance.pick(['q0', 'q9']),
    }),
    () => ({ query: `{${list}(filter:{or:[${'{}'.repeat(upTo(1_000))}]}){totalCount}}` }),
    () => ({
      query: `{${list}(filter:{id:{in:[${times(upTo(5_000), i => `"${i}"`)}]}}){totalCount}}`,
    }),
    () => ({ query: `{${list}(filter:{id:{in:[${times(upTo(200), () => '1.5')}]}}){totalCount}}` }),
    () => ({
      query: 'query($f:AccountFilter!){accounts(filter:$f,first:1){totalCount}}',
      variables: {
        f: {
          or: Array.from({ length: upTo(1_000) }, (_, i) => ({
            email: { [chance.pick(['contains', 'eq', 'like'])]: `z${i}` },
          })),
        },
      },
    }),
    () => ({
      query: 'query($f:AccountFilter!){accounts(filter:$f,first:1){totalCount}}',
      variables: { f: { or: Array.from({ length: upTo(3_000) }, () => ({})) } },
    }),
    () => ({
      query: 'query($f:EventFilter!){events(filter:$f,first:1){totalCount}}',
      variables: {
        f: { or: Array.from({ length: upTo(900) }, (_, i) => ({ email: { contains: `z${i}` } })) },
      },
    }),
    () => ({
      query: 'query($f:AccountFilter!){accounts(filter:$f,first:1){totalCount}}',
      variables: {
        f: {
          email: {
            in: Array.from({ length: upTo(100) }, () => chance.pick<unknown>([1, null, {}, 'a'])),
          },
        },
      },
    }),
    () => {
      let f: object = {}
      for (let level = upTo(110); level > 0; level -= 1)
        f = chance.oneIn(2) ? { not: f } : { and: [f] }
      return {
        query: 'query($f:AccountFilter!){accounts(filter:$f){totalCount}}',
        variables: { f },
      }
    },
    () => ({
      query:
        'query($r:[_Any!]!){_entities(representations:$r){__typename ...on Account{id email}}}',
      variables: {
        r: Array.from({ length: upTo(400) }, (_, i) =>
          chance.pick<unknown>([
            { __typename: 'Account', id: `x${i}` },
            { __typename: 'Nothing' },
            {},
            null,
            5,
            { __typename: 'Employee', email: chance.pick(words) },
            { __typename: 'App', id: [] },
          ]),
        ),
      },
    }),
    () => ({
      query: `{${list}(first:${chance.pick(['-1', '99999999999', '1.5', 'null', '"1"', '1001'])}){totalCount}}`,
    }),
    () => ({ query: `{${list}(after:${word},before:${word},first:1,last:1){nodes{id}}}` }),
    () => ({ query: `subscription{${times(upTo(3), () => 'events{id}')}}` }),
    () => ({
      query: `subscription($s:String){events(since:$s){id}}`,
      variables: { s: chance.pick(words) },
    }),
    () => ({ query: chance.pick(words) }),
    () => ({ query: '#\n'.repeat(upTo(10_000)) }),
  ]
  return { kind: 'hostile', ...chance.pick(makers)() }
}
