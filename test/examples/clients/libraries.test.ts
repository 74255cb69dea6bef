/** The libraries of docs/clients.md: what it shows runs, its types hold, and caches keep two tenants apart. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Followed, sectionsForFile } from '../../support/clients/follow-section.ts'
import { serveTwoTenants, type TwoTenants } from '../../support/clients/two-tenants.ts'

const sections = sectionsForFile()
let tenants: TwoTenants
beforeAll(async () => {
  tenants = await serveTwoTenants()
  await sections.begin()
})
afterAll(() => tenants.stop())

/** How many of these objects of both tenants are so. */
const count = <Name extends keyof TwoTenants['acme']['data']>(
  name: Name,
  isSo: (row: Row<Name>) => boolean,
): number =>
  [tenants.acme, tenants.globex]
    .flatMap(({ data }) => data[name] as unknown as readonly Row<Name>[])
    .filter(isSo).length
type Row<Name extends keyof TwoTenants['acme']['data']> =
  TwoTenants['acme']['data'][Name] extends readonly (infer One)[] ? One : never

const withoutMfa = (): number => count('accounts', ({ mfaRegistered }) => mfaRegistered === false)
const openFindings = (): number => count('findings', ({ state }) => state === 'OPEN')

/** The account of that id at each tenant, as the client that `ask` asks with has it once both are known. */
const bothAccounts = `query Both($id: ID!) {
  acme: account(id: $id, connector: "acme") { id connectorAlias email }
  globex: account(id: $id, connector: "globex") { id connectorAlias email }
}`
const withoutConnector = bothAccounts.replaceAll('connectorAlias ', '')

/** Each section is followed by the first test that wants it. */
const once = <Value>(make: () => Promise<Value>): (() => Promise<Value>) => {
  let made: Promise<Value> | undefined
  return () => (made ??= make())
}
const apollo = once(async () => sections.follow('Apollo Client', tenants.url))
const urql = once(async () => sections.follow('urql', tenants.url))
const relay = once(async () => {
  const followed = sections.follow('Relay', tenants.url)
  const named = bothAccounts.replace('query Both', 'query bothNamedQuery')
  const nameless = withoutConnector.replace('query Both', 'query bothNamelessQuery')
  followed.write(
    'src/both.ts',
    `import { graphql } from 'relay-runtime'
     export const queries = [graphql\`${named}\`, graphql\`${nameless}\`]`,
  )
  await followed.runAll()
  return followed
})
const codegen = once(async () => {
  const followed = sections.follow('GraphQL Code Generator', tenants.url)
  const said = await followed.runAll()
  await followed.run("sed 's/({ type }) => type/({ kind }) => kind/' findings.ts > wrong.ts")
  return { said, followed }
})
const tada = once(async () => {
  const followed = sections.follow('gql.tada', tenants.url)
  const said = await followed.runAll()
  await followed.run("sed 's/^        severity$/        severeness/' detections.ts > wrong.ts")
  return { said, followed }
})

describe('Apollo Client', () => {
  let followed: Followed
  beforeAll(async () => {
    followed = await apollo()
  })
  /** What a program prints that has the client of the page. */
  const runWith = (program: string): Promise<string> => {
    followed.write(
      'try.js',
      `import { ApolloClient, gql, HttpLink } from '@apollo/client'
       import { cache } from './cache.ts'
       const link = new HttpLink({ uri: '${tenants.url}/graphql' })
       const client = new ApolloClient({ cache, link })
       ${program}`,
    )
    return followed.run('node try.js')
  }

  test('two pages are one list', async () => {
    expect(await followed.runAll()).toBe(`10 of ${withoutMfa()}\n`)
  })

  test('objects of two tenants with one id are two', async () => {
    const said = await runWith(`
      const query = gql\`${bothAccounts}\`
      await client.query({ query, variables: ${JSON.stringify({ id: tenants.account.id })} })
      const { acme, globex } = client.readQuery({ query, variables: ${JSON.stringify({ id: tenants.account.id })} })
      console.log(acme.email, globex.email)`)
    expect(said).toBe(`${tenants.account.atAcme} ${tenants.account.atGlobex}\n`)
  })

  test('an object that does not say its tenant is an error', async () => {
    const said = await runWith(`
      const query = gql\`{ accounts(first: 1) { edges { node { id email } } } }\`
      await client.query({ query }).catch(error => console.log(String(error)))`)
    expect(said).toContain('connectorAlias')
  })

  test('fragments of interfaces are known for what they are', async () => {
    const said = await runWith(`
      const query = gql\`{ search(value: "${tenants.account.id}", kinds: [ACCOUNT_ID], types: [ACCOUNT]) {
        edges { node { id connectorAlias ... on Entity { __typename } ... on Account { email } } } } }\`
      const { data } = await client.query({ query })
      console.log(JSON.stringify(data.search.edges.map(({ node }) => node.email)))`)
    expect(JSON.parse(said)).toEqual([tenants.account.atAcme, tenants.account.atGlobex])
  })
})

describe('urql', () => {
  let followed: Followed
  beforeAll(async () => {
    followed = await urql()
  })
  const runWith = (program: string): Promise<string> => {
    followed.write(
      'try.js',
      `import { gql } from '@urql/core'
       import { createClient } from './client.ts'
       const client = createClient('${tenants.url}/graphql')
       ${program}`,
    )
    return followed.run('node try.js 2>&1')
  }

  test('two pages are one list, and nothing is complained of', async () => {
    expect(await followed.run('node accounts.ts 2>&1')).toBe(`10 of ${withoutMfa()}\n`)
  })

  test('objects of two tenants with one id are two', async () => {
    const said = await runWith(`
      const query = gql\`${bothAccounts}\`
      const variables = ${JSON.stringify({ id: tenants.account.id })}
      await client.query(query, variables)
      const { data } = await client.query(query, variables, { requestPolicy: 'cache-only' })
      console.log(data.acme.email, data.globex.email)`)
    expect(said).toBe(`${tenants.account.atAcme} ${tenants.account.atGlobex}\n`)
  })

  test('objects that do not say their tenant are mixed with nothing', async () => {
    const said = await runWith(`
      const query = gql\`${withoutConnector}\`
      const variables = ${JSON.stringify({ id: tenants.account.id })}
      await client.query(query, variables)
      const { data } = await client.query(query, variables, { requestPolicy: 'cache-only' })
      console.log(data.acme.email, data.globex.email)`)
    expect(said).toBe(`${tenants.account.atAcme} ${tenants.account.atGlobex}\n`)
  })
})

describe('Relay', () => {
  let followed: Followed
  beforeAll(async () => {
    followed = await relay()
  })
  const runWith = (program: string): Promise<string> => {
    followed.write(
      'try.cjs',
      `const { createEnvironment } = require('./out/environment.js')
       const environment = createEnvironment('${tenants.url}/graphql')
       const run = async () => { ${program} }
       run().then(() => process.exit(0))`,
    )
    return followed.run('node try.cjs')
  }

  test('a component shows a page, and the next one below it', async () => {
    const said = await runWith(`
      const { act, createElement, Suspense } = require('react')
      const { RelayEnvironmentProvider } = require('react-relay')
      const { create } = require('react-test-renderer')
      const { Accounts } = require('./out/Accounts.js')
      globalThis.IS_REACT_ACT_ENVIRONMENT = true
      let shown
      const suspense = createElement(Suspense, { fallback: null }, createElement(Accounts))
      const app = createElement(RelayEnvironmentProvider, { environment }, suspense)
      await act(async () => { shown = create(app) })
      const rows = async atLeast => {
        for (;;) {
          const found = shown.root.findAllByType('li')
          if (found.length >= atLeast) return found.map(({ children }) => children.join(''))
          await act(() => new Promise(resolve => setTimeout(resolve, 20)))
        }
      }
      await rows(5)
      await act(async () => shown.root.findByType('button').props.onClick())
      console.log(JSON.stringify(await rows(10)))`)
    const rows = JSON.parse(said) as readonly string[]
    const some = tenants.acme.data.accounts.filter(({ mfaRegistered }) => mfaRegistered === false)
    expect(rows).toHaveLength(10)
    expect(rows[0]).toBe(`${some[0]?.email} at ${some[0]?.appType}`)
  })

  test.each(['bothNamedQuery', 'bothNamelessQuery'])(
    'objects of two tenants with one id are two: %s',
    async name => {
      const said = await runWith(`
        const { createOperationDescriptor, fetchQuery, getRequest } = require('relay-runtime')
        const query = require('./out/__generated__/${name}.graphql.js').default
        const variables = ${JSON.stringify({ id: tenants.account.id })}
        await fetchQuery(environment, query, variables).toPromise()
        const operation = createOperationDescriptor(getRequest(query), variables)
        const { acme, globex } = environment.lookup(operation.fragment).data
        console.log(acme.email, globex.email)`)
      expect(said).toBe(`${tenants.account.atAcme} ${tenants.account.atGlobex}\n`)
    },
  )

  test('the compiler refuses what needs Node', async () => {
    followed.write(
      'src/refused.ts',
      `import { graphql } from 'relay-runtime'
       graphql\`fragment refused_account on Account @refetchable(queryName: "refusedQuery") { email }\``,
    )
    await expect(followed.run('npx relay-compiler')).rejects.toThrow(
      /@refetchable.*refused_account/,
    )
    await followed.run('rm src/refused.ts')
  })
})

test('graphql-request reads all pages', async () => {
  const { runAll } = sections.follow('graphql-request', tenants.url)
  expect(await runAll()).toBe(`${openFindings()} open findings\n`)
})

// Compilers take their time where the machine is busy.
describe('types', { timeout: 600_000 }, () => {
  test("those of GraphQL Code Generator's client preset", async () => {
    const { said, followed } = await codegen()
    expect(said).toMatch(new RegExp(`^${openFindings()} \\w+,\\w+,\\w+$`, 'm'))
    followed.write('wrong.graphql', 'query Wrong { findings { nodes { kind } } }')
    await followed.run(
      "sed 's/findings.ts/wrong.graphql/; s/gql\\//other\\//' codegen.ts > wrong-config.ts",
    )
    await expect(followed.run('npx graphql-codegen --config wrong-config.ts')).rejects.toThrow(
      /Cannot query field .*kind/,
    )
    await followed.run('rm -r wrong.graphql wrong-config.ts other || true')
  })

  test('those of gql.tada', async () => {
    const { said, followed } = await tada()
    const severe = count('detections', ({ severity }) => /HIGH|CRITICAL/.test(severity))
    expect(said).toMatch(new RegExp(`^${severe} \\w+,\\w+,\\w+$`, 'm'))
    await expect(followed.run('npx gql.tada check')).rejects.toThrow(/wrong\.ts[^]*"severeness"/)
  })

  test('all files of the page have the types of their packages, but for what is wrong on purpose', async () => {
    for (const section of [apollo, urql, relay, codegen, tada]) await section()
    for (const heading of ['graphql-ws', 'graphql-sse', 'DuckDB']) {
      const followed = sections.follow(heading, tenants.url)
      if (heading === 'graphql-sse') await followed.run('cp ../graphql-ws/follow.ts .')
    }
    const options = {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2024',
      jsx: 'react-jsx',
      ...{ allowImportingTsExtensions: true, resolveJsonModule: true, skipLibCheck: true },
      ...{ erasableSyntaxOnly: true, verbatimModuleSyntax: true, types: ['node'] },
      typeRoots: ['./apollo-client/node_modules/@types'],
    }
    // Relay's own files go through Babel, which leaves the endings of modules to who bundles them.
    writeFileSync(
      join(sections.folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, exclude: ['*/node_modules', 'relay'] }),
    )
    writeFileSync(
      join(sections.folder, 'relay/tsconfig.json'),
      JSON.stringify({
        compilerOptions: { ...options, module: 'preserve', typeRoots: ['./node_modules/@types'] },
        include: ['src/*.ts', 'src/*.tsx'],
      }),
    )
    const { run } = sections.follow('curl', tenants.url)
    const tsc = 'node node_modules/typescript/bin/tsc -p'
    const said = await run(`${tsc} .. || true; ${tsc} ../relay || true`)
    expect(said.trim().split('\n')).toEqual([
      expect.stringMatching(/gql-tada\/wrong\.ts.*'severity' does not exist/),
      expect.stringMatching(/graphql-code-generator\/wrong\.ts.*'kind' does not exist/),
    ])
  })
})
