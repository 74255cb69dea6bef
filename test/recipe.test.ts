/**
 * The recipe of docs/house.md for a collection, followed on a copy of the sources with one that Push does not have. What
 * the recipe leaves out, this test lacks: the copy does not compile, or it does not answer.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fieldOf } from '../src/model/values.ts'
import type * as support from './support/graph.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

/** The files that the recipe names, in its order. */
const namedFiles = async (): Promise<readonly string[]> => {
  const page = await readFile(join(root, 'docs/house.md'), 'utf8')
  const [, after = ''] = page.split('### Add a collection\n')
  const [recipe = ''] = after.split(/^#{2,3} /m)
  return [
    ...new Set(
      [...recipe.matchAll(/`((?:src|schema|test)\/[\w./-]+\.\w+)`/g)].flatMap(
        // This file follows the recipe, and is no part of it.
        ([, path = '']) => (path === 'test/recipe.test.ts' ? [] : path),
      ),
    ),
  ]
}

type Edit = (text: string) => string

/** A file that is not there yet. */
const written =
  (text: string): Edit =>
  () =>
    text

/** The same file with a text before the first place where `mark` stands. */
const before =
  (mark: string, text: string): Edit =>
  file => {
    const at = file.indexOf(mark)
    if (at < 0) throw new Error(`nowhere is ${mark}`)
    return file.slice(0, at) + text + file.slice(at)
  }

const all =
  (...edits: readonly Edit[]): Edit =>
  file =>
    edits.reduce((text, edit) => edit(text), file)

/** What somebody would write who follows the recipe. */
const edits: Readonly<Record<string, Edit>> = {
  'src/model/rows.ts': all(
    before(
      '/** The row type of each collection. */',
      `export interface SsoApplication {
  readonly id: string
  readonly name: string
  readonly protocol: string | null
  readonly employeeId: string | null
  readonly createdAt: number
}

`,
    ),
    before('  detections: Detection\n', '  ssoApplications: SsoApplication\n'),
  ),
  'src/model/collections.ts': before(
    '} satisfies {',
    `  ssoApplications: define('ssoApplications', {
    type: 'SsoApplication',
    path: '/ssoApplications',
    otherKey: 'name',
    size: { usualRows: 100, bytesPerRow: 350 },
    ownTime: null,
    webhook: { category: 'ENTITY', object: 'SSO_APPLICATION', idField: 'entityId' },
    fields: {
      id: id(),
      name: text('', required),
      protocol: word(),
      employeeId: optionalId('', { shared: true }),
      createdAt: created,
    },
    links: [link('employeeId', 'employees', 'ssoApplications')],
    pushdown: [exact('employeeId')],
    mainAttributes: [],
    search: { EMPLOYEE_ID: { id: ['employeeId'] }, APP_NAME: { text: ['name'], follow: ['employee'] } },
  }),
`,
  ),
  'schema/sso-application.graphql': written(`"An application that signs in by single sign-on."
type SsoApplication implements Entity @key(fields: "id") {
  "Push's id of the application. Unique within one connector."
  id: ID!
  "The configured Push tenant that the application was read from."
  connector: Connector!
  "The alias of \`connector\`."
  connectorAlias: String!
  "The application as an event of OCSF: class 5001, Device Inventory Info."
  ocsf("The version of OCSF to write it in." version: OcsfVersion = V1_8_0): OcsfEvent
    @tag(name: "ocsf")
  "What it is called."
  name: String!
  "How it signs in, such as \`SAML\`. Null where Push does not say."
  protocol: String
  "The id of the employee who added it. Null where Push does not know."
  employeeId: ID
  "The employee who added it. Null where Push does not know, or no longer has them."
  employee: Employee
  "When Push first saw it."
  createdAt: DateTime!
  "The webhook events about the application. The latest first."
  history: EventConnection
  "What changed in the application itself, as far as it was noticed here. The latest first."
  changes: ChangeConnection
  "What happened to it."
  timeline: TimelineConnection
}
`),
  'schema/query.graphql': before(
    '  """\n  Looks for one value',
    `  "One application with single sign-on, by id or by name. Null where there is none."
  ssoApplication(
    "Push's id of the application. Give exactly one of \`id\` and \`name\`."
    id: ID
    "What it is called. Give exactly one of \`id\` and \`name\`."
    name: String
    "The alias of the connector to look in; all of them where absent."
    connector: String
  ): SsoApplication
  "Applications that sign in by single sign-on."
  ssoApplications: SsoApplicationConnection

`,
  ),
  'schema/entity.graphql': before(
    '  "`Event`:',
    '  "`SsoApplication`: an application that signs in by single sign-on."\n  SSO_APPLICATION\n',
  ),
  'schema/employee.graphql': before(
    '  "The apps that the employee is named',
    '  "The applications with single sign-on that the employee added."\n  ssoApplications: SsoApplicationConnection\n',
  ),
  'src/ocsf/projections/sso-application.ts':
    written(`/** An application with single sign-on, as inventory. */
import {
  type Collected,
  COLLECT,
  INFORMATIONAL,
  type Projection,
  readByRest,
} from '../fitting/projection.ts'
import { other } from '../fitting/values.ts'

export const ssoApplication: Projection<Collected<'ssoApplications'>> = {
  className: 'inventory_info',
  activity: () => COLLECT,
  time: ({ readAt }) => readAt,
  metadata: readByRest('SSO_APPLICATION'),
  parts: {
    severity_id: () => INFORMATIONAL,
    message: ({ row }) => \`Push Security knows the application \${row.name}.\`,
    device: ({ row }) => ({ uid: row.id, name: row.name, type_id: other('SSO Application') }),
  },
  unmapped: ({ row }) => ({ protocol: row.protocol, employee_id: row.employeeId }),
}
`),
  'src/ocsf/ocsf.ts': all(
    before(
      'import type { WebhookEvent }',
      "import { ssoApplication } from './projections/sso-application.ts'\n",
    ),
    before('  otherAccounts: [otherAccount],', '  ssoApplications: [ssoApplication],\n'),
  ),
  'src/ocsf/webhooks/entity-change.ts': all(
    before(
      '/** Findings are of a class',
      `const readSsoApplication = reads({ id: 'text', name: 'text' })

const ssoApplication: ToEntity = members => {
  const { told, rest } = readSsoApplication(members)
  return {
    type_id: other('SSO Application'),
    uid: told.id,
    name: told.name,
    data: given(membersInSnakeCase(rest)),
  }
}

`,
    ),
    before('  BROWSER_EXTENSION: browserExtension,', '  SSO_APPLICATION: ssoApplication,\n'),
  ),
  'src/demo/tenant/objects.ts': all(
    before(
      "/** Push's object of each collection. */",
      `export interface PushSsoApplication {
  readonly id: string
  readonly name: string
  readonly protocol?: string
  readonly employeeId: string | null
  readonly creationTimestamp: number
}

`,
    ),
    before('  detections: PushDetection\n', '  ssoApplications: PushSsoApplication\n'),
  ),
  'src/demo/tenant/sso-applications.ts':
    written(`/** The applications with single sign-on of one tenant. */
import type { PushEmployee, PushSsoApplication } from './objects.ts'
import { createRandom } from './random.ts'

export const createSsoApplications = (
  seed: number,
  count: number,
  employees: readonly PushEmployee[],
  now: number,
): PushSsoApplication[] => {
  const random = createRandom(seed, 'sso applications')
  return Array.from({ length: count }, (_, index) => ({
    id: random.uuid(),
    name: \`Application \${index + 1}\`,
    ...(random.chance(0.8) ? { protocol: random.pick(['SAML', 'OIDC']) } : {}),
    employeeId: random.pick(employees).id,
    creationTimestamp: now - random.between(1, 10_000_000),
  }))
}
`),
  'src/demo/data.ts': all(
    before(
      '\nexport { companyDomain }',
      "import { createSsoApplications } from './tenant/sso-applications.ts'\n",
    ),
    before(
      '    detections: createDetections(',
      '    ssoApplications: createSsoApplications(seed, count(100), employees, now),\n',
    ),
  ),
  'src/demo/parameters.ts': before(
    '  findings: created,',
    "  ssoApplications: { employeeId: equal('employeeId') },\n",
  ),
  'src/demo/life/happenings.ts': before(
    '  detections: {\n    weight',
    `  ssoApplications: {
    weight: 1,
    created: 0,
    deleted: 0.5,
    make: () => undefined,
    change: ({ name }) => ({ name: \`\${name}!\` }),
  },

`,
  ),
  'test/support/rows.ts': before(
    '  detections: {',
    "  ssoApplications: { id: '1', name: 'One', protocol: null, employeeId: null, createdAt: 0 },\n",
  ),
  'test/support/reference-graph.ts': before(
    '  detections: data.detections.map(',
    `  ssoApplications: data.ssoApplications.map(of => ({
    id: of.id,
    name: of.name,
    protocol: of.protocol ?? null,
    employeeId: of.employeeId,
    createdAt: of.creationTimestamp,
  })),
`,
  ),
  'test/support/questions.ts': before("  detections: 'd',", "  ssoApplications: 's',\n"),
  'test/support/ocsf/filled-objects.ts': before(
    '  otherApps: {',
    `  ssoApplications: {
    id: 'e0a7c1de-52f1-4e0b-9f3a-0c9d0a7e4b15',
    name: 'Payroll',
    protocol: 'SAML',
    employeeId,
    createdAt: 1_698_669_300,
  },
`,
  ),
}

const run = promisify(execFile)

/** Of the tests, those that have something for each collection; to compile the others would take twice as long. */
const isConcerned = async (path: string): Promise<boolean> => {
  // The supergraph of the examples has packages of its own, and no collection of ours.
  if (path === join(root, 'test/examples') || path.endsWith('/node_modules')) return false
  if (!path.endsWith('.test.ts')) return true
  return /\b(?:CollectionName|AnyRows|Rows|EntityType)\b/.test(await readFile(path, 'utf8'))
}

describe('the recipe for a collection', () => {
  let copy = ''
  let named: readonly string[] = []

  /** Runs a tool in the copy; it fails with what the tool says. */
  const use = async (tool: string, ...args: readonly string[]): Promise<void> => {
    // Compilers make much that is soon gone: with room for it they take a seventh less processor time.
    const command = ['--max-semi-space-size=64', join(root, 'node_modules', tool), ...args]
    await run(process.execPath, command, { cwd: copy }).catch(
      (error: Error & { stdout?: string; stderr?: string }) => {
        throw new Error(`${tool}: ${error.stdout ?? ''}${error.stderr ?? ''}`)
      },
    )
  }

  beforeAll(async () => {
    // The copy has another place each time: what is compiled of it would be kept for nobody.
    delete process.env['NODE_COMPILE_CACHE']
    await mkdir(join(root, 'build'), { recursive: true })
    copy = await mkdtemp(join(root, 'build/recipe-'))
    const sources = [
      'src',
      'schema',
      'test',
      'bench',
      // Tests start a PostgreSQL by it.
      'examples/replicas',
      // What the tests of its views are judged by.
      'examples/grafana/source',
      'examples/install-once.ts',
      // What benches compare with is installed by it.
      'examples/clients/install.ts',
      'codegen.ts',
      'tsconfig.json',
      'package.json',
    ]
    for (const name of sources)
      await cp(join(root, name), join(copy, name), { recursive: true, filter: isConcerned })
    named = await namedFiles()
    for (const path of named) {
      const file = join(copy, path)
      const edit = edits[path]
      if (edit === undefined) throw new Error(`nobody would know what to write in ${path}`)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, edit(await readFile(file, 'utf8').catch(() => '')))
    }
  })

  afterAll(() => rm(copy, { recursive: true, force: true }))

  it('names every file that is to be written by hand, and no other', () => {
    expect(named.toSorted()).toEqual(Object.keys(edits).toSorted())
  })

  it('asks for a table entry, a row type, the SDL, the projection and the stand-in, and for nothing else', () => {
    const rooms = Map.groupBy(named, path => path.split('/').slice(0, 2).join('/'))
    expect(new Map([...rooms].map(([room, files]) => [room, files.length]))).toEqual(
      new Map([
        ['src/model', 2],
        ['schema/sso-application.graphql', 1],
        ['schema/query.graphql', 1],
        ['schema/entity.graphql', 1],
        ['schema/employee.graphql', 1],
        ['src/ocsf', 3],
        ['src/demo', 5],
        ['test/support', 4],
      ]),
    )
  })

  it('gives sources that compile', { timeout: 600_000 }, async () => {
    await use('@graphql-codegen/cli/esm/bin.js', '--config', 'codegen.ts')
    await use('typescript/bin/tsc', '--noEmit')
  })

  it('gives a graph that answers', async () => {
    const { graphForTest } = (await import(join(copy, 'test/support/graph.ts'))) as typeof support
    const graph = await graphForTest()
    const applications = fieldOf(graph.standIn.data, 'ssoApplications') as readonly Application[]
    const [first] = applications
    const { data, errors } = await graph.run(
      `query ($employee: ID!) {
        ssoApplications(filter: { employeeId: { eq: $employee } }, orderBy: [{ field: NAME }]) {
          nodes { id name protocol employee { id ssoApplications { totalCount } } ocsf { message } }
          groups(by: [EMPLOYEE_DEPARTMENT]) { count }
        }
        ssoApplication(name: "Application 1") { id history { totalCount } }
        search(value: "Application 1", types: [SSO_APPLICATION]) {
          edges { matchedOn { field } node { id } }
        }
        ocsfEvents(types: [SSO_APPLICATION], filter: { ssoApplications: { name: { eq: "Application 1" } } }) {
          nodes { class_uid message }
        }
      }`,
      { employee: first?.employeeId },
    )
    expect(errors).toEqual([])
    const own = applications
      .filter(({ employeeId }) => employeeId === first?.employeeId)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const message = (name: string) => `Push Security knows the application ${name}.`
    expect(data).toEqual({
      ssoApplications: {
        nodes: own.map(({ id, name, protocol = null, employeeId }) => ({
          id,
          name,
          protocol,
          employee: { id: employeeId, ssoApplications: { totalCount: own.length } },
          ocsf: { message: message(name) },
        })),
        groups: [{ count: own.length }],
      },
      ssoApplication: { id: first?.id, history: { totalCount: 0 } },
      search: {
        edges: [{ matchedOn: [{ field: 'SsoApplication.name' }], node: { id: first?.id } }],
      },
      ocsfEvents: { nodes: [{ class_uid: 5001, message: message('Application 1') }] },
    })
  })
})

interface Application {
  readonly id: string
  readonly name: string
  readonly protocol?: string
  readonly employeeId: string
}
