/** The programs of docs/clients.md beside its libraries: streams that break, other languages, files; and the page itself. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Followed, sectionsForFile } from '../../support/clients/follow-section.ts'
import { sectionOf, sections as all } from '../../support/clients/page.ts'
import { serveTwoTenants, type TwoTenants } from '../../support/clients/two-tenants.ts'
import { delivery, post } from '../../support/deliveries.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'

const sections = sectionsForFile(() => ({ PUSHGRAPH_CONFIG: 'connectors.json' }))
const documents = mkdtempSync(join(tmpdir(), 'pushgraph-documents-'))
let tenants: TwoTenants
beforeAll(async () => {
  for (const { name, text } of sectionOf('curl').files) {
    mkdirSync(dirname(join(documents, name)), { recursive: true })
    writeFileSync(join(documents, name), text)
  }
  tenants = await serveTwoTenants({ PUSHGRAPH_DOCUMENTS: join(documents, 'documents') })
})
afterAll(async () => {
  await tenants.stop()
  rmSync(documents, { recursive: true, force: true })
})

/** The program says when it is not there, and the test is left out. */
const isThere = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    console.log(`${program} is not on this machine: its section of docs/clients.md is not tried.`)
    return false
  }
}

describe('a stream of events', () => {
  const tell = async (id: string): Promise<void> => {
    const sent = await post(tenants.url, delivery({ id }), { connector: 'acme' })
    expect(sent.status).toBe(200)
  }
  /** The program of that section, which comes to the server by a way that can be broken. */
  const listen = async (heading: string, program: string) => {
    const subscriptions = async (): Promise<string | undefined> => {
      const figures = await (await fetch(`${tenants.url}/metrics`)).text()
      return /^pushgraph_subscriptions (.*)$/m.exec(figures)?.[1]
    }
    await expect.poll(subscriptions).toBe('0')
    const proxy = await startTcpProxy(Number(new URL(tenants.url).port))
    onTestFinished(proxy.close)
    const followed = sections.follow(heading, `http://127.0.0.1:${proxy.port}`)
    const [file] = sectionOf('graphql-ws').files
    followed.write('follow.ts', file?.text ?? '')
    expect(sectionOf(heading).commands).toEqual([`node ${program}\n`])
    const listener = followed.start('node', program)
    onTestFinished(listener.kill)
    await expect.poll(subscriptions).toBe('1')
    const heard = (): readonly string[] =>
      [...listener.output().matchAll(/^(\S+) made up$/gm)].map(([, id = '']) => id)
    return { proxy, heard, errors: listener.errors }
  }

  test.each([
    ['graphql-ws', 'logins-ws.ts'],
    ['graphql-sse', 'logins-sse.ts'],
  ])('through %s goes on after breaks without a gap or a repeat', async (heading, program) => {
    const { proxy, heard, errors } = await listen(heading, program)
    const told: string[] = []
    for (let round = 1; round <= 4; round += 1) {
      for (const part of ['before', 'with', 'after']) {
        const id = `${heading}-${round}-${part}`
        told.push(id)
        await tell(id)
        // What is on its way just then may have come, or not.
        if (part === 'with') proxy.reset()
      }
      if (round % 2 === 0) await expect.poll(heard).toEqual(told)
    }
    await expect.poll(heard).toEqual(told)
    expect(errors()).toContain('Broken off')
  })

  test('through graphql-ws notices that its connection is dead', async () => {
    const { proxy, heard } = await listen('graphql-ws', 'logins-ws.ts')
    await tell('alive')
    await expect.poll(heard).toEqual(['alive'])
    proxy.halfOpen()
    await tell('dead')
    await expect.poll(heard).toEqual(['alive', 'dead'])
  })

  test('ends where the server lacks what its cursor stands for', async () => {
    const followed = sections.follow('graphql-sse', tenants.url)
    const [file] = sectionOf('graphql-ws').files
    followed.write('follow.ts', file?.text ?? '')
    await followed.run('sed \'s/^)$/"never given")/\' logins-sse.ts > lost.ts')
    await expect(followed.run('node lost.ts')).rejects.toThrow('must be the cursor of an event')
  })
})

test('curl is told that nothing has changed', async () => {
  const { runAll } = sections.follow('curl', tenants.url)
  const [first, , third, answer = ''] = (await runAll()).split('\n')
  expect([first, third]).toEqual(['200', '304'])
  const totalCount = [tenants.acme, tenants.globex]
    .flatMap(({ data }) => data.apps)
    .filter(({ approvalStatus }) => approvalStatus === 'NOT_APPROVED').length
  expect(JSON.parse(answer)).toMatchObject({ data: { apps: { totalCount, complete: true } } })
})

test.skipIf(!isThere('python3'))('Python reads all pages', async () => {
  const licensed = [tenants.acme, tenants.globex]
    .flatMap(({ data }) => data.employees)
    .filter(employee => employee.licensed).length
  const { runAll } = sections.follow('Python', tenants.url)
  expect(await runAll()).toBe(`${licensed} people with a licence\n`)
})

test.skipIf(!isThere('java'))('Java has its answer', async () => {
  const totalCount = [tenants.acme, tenants.globex]
    .flatMap(({ data }) => data.detections)
    .filter(({ severity }) => severity === 'HIGH' || severity === 'CRITICAL').length
  const { runAll } = sections.follow('Java', tenants.url)
  expect(JSON.parse(await runAll())).toMatchObject({
    data: { detections: { totalCount, complete: true } },
  })
})

test('DuckDB counts what was exported', async () => {
  const counts = new Map<string, { accounts: number; withoutMfa: number }>()
  for (const { appType, mfaRegistered } of [tenants.acme, tenants.globex].flatMap(
    ({ data }) => data.accounts,
  )) {
    const { accounts, withoutMfa } = counts.get(appType) ?? { accounts: 0, withoutMfa: 0 }
    counts.set(appType, {
      accounts: accounts + 1,
      withoutMfa: withoutMfa + (mfaRegistered === false ? 1 : 0),
    })
  }
  const expected = [...counts]
    .map(([appType, count]) => ({ appType, ...count }))
    .sort((a, b) => b.withoutMfa - a.withoutMfa || (a.appType < b.appType ? -1 : 1))
    .slice(0, 5)
  const followed = sections.follow('DuckDB', tenants.url)
  followed.write('connectors.json', tenants.connectors)
  const said = await followed.runAll()
  expect(
    said
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as unknown),
  ).toEqual(expected)
})

test('every request of the collection for Bruno is answered as it expects', async () => {
  const followed: Followed = sections.follow('Bruno', tenants.url)
  const bru = join(followed.folder, 'node_modules/.bin/bru')
  const [command = ''] = /^bru run .*$/m.exec(sectionOf('Bruno').commands.join('')) ?? []
  const folder = new URL('../../../examples/bruno/', import.meta.url)
  const requests = readdirSync(folder).filter(
    name => name.endsWith('.yml') && name !== 'opencollection.yml',
  )
  const said = await followed.run(
    `cp -r ../pushgraph/examples/bruno collection
     cd collection
     ${command.replace('bru ', `'${bru}' `)} --env-var url=${tenants.url}`,
  )
  expect(requests.length).toBeGreaterThan(5)
  expect(said).toContain(`${requests.length} (${requests.length} Passed)`)
})

describe('the page', () => {
  const read = (path: string): string =>
    readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

  test('names the versions that are tried', () => {
    const { dependencies } = JSON.parse(read('examples/clients/package.json')) as {
      dependencies: Record<string, string>
    }
    const named = [...all.values()].flatMap(({ packages }) => packages)
    expect(named.length).toBeGreaterThan(20)
    for (const each of named) {
      const [, name = '', version] = /^(.+)@(.+)$/.exec(each) ?? []
      expect([name, version]).toEqual([name, dependencies[name]])
    }
  })

  test('has no section that is not followed', () => {
    const here = readdirSync(new URL('./', import.meta.url))
      .map(name => read(`test/examples/clients/${name}`))
      .join('')
    for (const [heading, { files, commands }] of all)
      if (files.length + commands.length > 0 && heading !== 'Before you begin')
        expect(here).toContain(`'${heading}'`)
  })
})
