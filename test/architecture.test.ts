import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const sources = fileURLToPath(new URL('../src/', import.meta.url))
const tests = fileURLToPath(new URL('.', import.meta.url))

/**
 * Which room may import which: its own files, and those below it or the wings it serves. A name with a slash is one
 * folder of a room; `type` before it lets types alone through. Every room may import errors and model.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  http: ['work', 'graphql', 'webhooks', 'mcp'],
  graphql: ['work', 'loaders', 'ocsf', 'generated', 'type query', 'type writes'],
  loaders: ['work', 'query', 'type writes'],
  writes: ['store', 'answers'],
  query: ['work', 'store', 'paging', 'events', 'filter'],
  store: ['paging', 'upstream'],
  paging: ['upstream/contract'],
  answers: ['threads'],
  events: ['filter', 'threads'],
  // What is kept of Push's answers, which app/ opens.
  upstream: ['type answers'],
  // The shared makers of what those rooms keep, which app/ opens.
  postgres: ['answers', 'events', 'upstream', 'writes', 'filter'],
  filter: ['work'],
  webhooks: ['events', 'store'],
  mcp: ['graphql'],
  export: ['query', 'ocsf', 'paging', 'upstream/contract'],
  sinks: ['query', 'ocsf', 'export', 'webhooks', 'filter'],
  ocsf: [],
  demo: [],
  config: [],
  work: [],
  threads: [],
  errors: [],
  model: [],
  // Made from the SDL; the parents of its resolvers are types of the room that it is made for.
  generated: ['graphql'],
}

/** The folders of a room in their order: none imports one that stands behind it. Folders in brackets stand side by side. */
const folderOrder: Readonly<Record<string, readonly (readonly string[])[]>> = {
  query: [
    ['operation'],
    ['planning'],
    ['reading'],
    ['list'],
    ['stored'],
    ['search', 'ocsf-list'],
    ['timeline'],
  ],
  store: [['table'], ['reading'], ['past']],
  upstream: [['contract'], ['limiter'], ['state'], ['request'], ['decode']],
  ocsf: [['fitting'], ['projections'], ['webhooks']],
  postgres: [['connecting'], ['limits', 'answers', 'events', 'writes'], ['history', 'importing']],
}

/** More files than this in one folder, and nobody finds anything in it. */
const MAX_FILES = 30

/** Names that two files of src/ declare, each with the reason; the stand-in has Push's words, which are not ours. */
const declaredTwice: Readonly<Record<string, string>> = {}

/** Folders of test/ that stand for none of src/, each with what its tests are about. */
const otherTests: Readonly<Record<string, string>> = {
  '.': 'the whole: the documentation, the queries with their answers, the order of src/',
  bench: 'bench/, whose folders it mirrors',
  examples: 'examples/',
  soak: 'soak/',
  schema: 'schema/, the SDL: its rules, and that the tables of the model say the same',
  'query/parity':
    'the graph as a whole beside a plain one, which reads everything and then filters',
}

/** They stand outside the stair: they know every room, and none knows them. */
const outside = ['main', 'app']

interface Import {
  readonly from: string
  readonly to: string
  /** Gone when the types are stripped: it runs nothing and closes no cycle. */
  readonly typeOnly: boolean
}

/** Paths below src/, as `query/plan.ts`. */
const files = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts'))
  .sort()

const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(join(sources, path), 'utf8'), ts.ScriptTarget.Latest, true)

/** `query/plan.ts` is in the room `query`, `config.ts` and `config/key.ts` are in `config`. */
const roomOf = (path: string): string => path.split('/', 1)[0]?.replace(/\.ts$/, '') ?? ''

/** `query/planning/plan.ts` is in the folder `query/planning`. */
const folderOf = (path: string): string => dirname(path)

/** Whether a rule of `mayImport` lets that import through. */
const lets =
  ({ to, typeOnly }: Pick<Import, 'to' | 'typeOnly'>) =>
  (rule: string): boolean => {
    const target = rule.replace(/^type /, '')
    if (rule.startsWith('type ') && !typeOnly) return false
    return target.includes('/') ? to.startsWith(`${target}/`) : roomOf(to) === target
  }

/** Every node of a file, in no order that matters. */
function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  for (const child of node.getChildren()) yield* nodesOf(child)
}

/** What a node imports: `import`, `export ... from`, `import()` as an expression or a type. */
const importOf = (
  node: ts.Node,
): { readonly target: string; readonly typeOnly: boolean } | undefined => {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const { importClause } = node
    const named = importClause?.namedBindings
    const allTypes =
      importClause?.name === undefined &&
      named !== undefined &&
      ts.isNamedImports(named) &&
      named.elements.length > 0 &&
      named.elements.every(element => element.isTypeOnly)
    const typeOnly = importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword || allTypes
    return { target: node.moduleSpecifier.text, typeOnly }
  }
  if (
    ts.isExportDeclaration(node) &&
    node.moduleSpecifier !== undefined &&
    ts.isStringLiteral(node.moduleSpecifier)
  ) {
    const { exportClause } = node
    const allTypes =
      exportClause !== undefined &&
      ts.isNamedExports(exportClause) &&
      exportClause.elements.every(element => element.isTypeOnly)
    return { target: node.moduleSpecifier.text, typeOnly: node.isTypeOnly || allTypes }
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [target] = node.arguments
    if (target !== undefined && ts.isStringLiteral(target))
      return { target: target.text, typeOnly: false }
  }
  if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  )
    return { target: node.argument.literal.text, typeOnly: true }
  return undefined
}

const trees = new Map(files.map(path => [path, parse(path)]))

const imports: readonly Import[] = [...trees].flatMap(([from, tree]) =>
  [...nodesOf(tree)].flatMap(node => {
    const found = importOf(node)
    if (found === undefined || !found.target.startsWith('.')) return []
    const to = relative(sources, resolve(sources, dirname(from), found.target))
    return [{ from, to, typeOnly: found.typeOnly }]
  }),
)

describe('the stair', () => {
  test('has every file in a room that has a name', () => {
    const unknown = files.filter(
      path => !(roomOf(path) in mayImport) && !outside.includes(roomOf(path)),
    )
    expect(unknown).toEqual([])
  })

  test('is seen whole: the imports of files are found', () => {
    expect(imports).toContainEqual({
      from: 'upstream/contract/contract.ts',
      to: 'model/rows.ts',
      typeOnly: true,
    })
    expect(imports).toContainEqual({ from: 'main.ts', to: 'main/program.ts', typeOnly: false })
    expect(imports.length).toBeGreaterThan(files.length)
  })

  test('is only walked down: no room imports one that it may not know', () => {
    const trespassing = imports.filter(({ from, to, typeOnly }) => {
      const [room, other] = [roomOf(from), roomOf(to)]
      const isBase = ['errors', 'model'].includes(other) && !['errors', 'model'].includes(room)
      if (room === other || outside.includes(room) || isBase) return false
      return mayImport[room]?.some(lets({ to, typeOnly })) !== true
    })
    expect(trespassing.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  test('is walked down within the rooms, too: no folder imports one behind it', () => {
    const trespassing = imports.filter(({ from, to }) => {
      const order = folderOrder[roomOf(from)]
      if (order === undefined || roomOf(from) !== roomOf(to)) return false
      const floorOf = (path: string): number =>
        order.findIndex(floor => floor.includes(path.split('/')[1] ?? ''))
      const [floor, other] = [floorOf(from), floorOf(to)]
      // What stands in no folder of the order, such as the room's main file, may import all and is imported by none.
      if (floor < 0) return false
      if (to.endsWith('.json')) return false
      return other < 0 || other > floor || (other === floor && folderOf(from) !== folderOf(to))
    })
    expect(trespassing.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  test('has no folder in which nobody finds anything', () => {
    const counts = Map.groupBy(files, folderOf)
    const crowded = [...counts].filter(([, in_]) => in_.length > MAX_FILES)
    expect(crowded.map(([folder, in_]) => `${folder}: ${in_.length} files`)).toEqual([])
  })

  test('stays below src/', () => {
    expect(
      imports.filter(({ to }) => to.startsWith('..')).map(({ from, to }) => `${from} ${to}`),
    ).toEqual([])
  })

  test('knows neither main nor app, nor main the app’s own parts', () => {
    const known = imports.filter(
      ({ from, to }) =>
        (roomOf(to) === 'main' && roomOf(from) !== 'main') ||
        (roomOf(to) === 'app' && !outside.includes(roomOf(from))) ||
        (to.startsWith('app/') && roomOf(from) !== 'app'),
    )
    expect(known.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  test('keeps the stand-in out of everything but main and app', () => {
    const users = imports.filter(({ from, to }) => roomOf(to) === 'demo' && roomOf(from) !== 'demo')
    expect(users.filter(({ from }) => !outside.includes(roomOf(from)))).toEqual([])
  })
})

describe('the tests', () => {
  const folders = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.test.ts') && !path.includes('node_modules'))
    .map(folderOf)
  const isIn = (folder: string, other: string): boolean =>
    folder === other || folder.startsWith(`${other}/`)

  test('stand where their subject does: in a folder of the same name as in src/', () => {
    const known = new Set(files.map(folderOf))
    const strays = folders.filter(
      folder => !known.has(folder) && !Object.keys(otherTests).some(other => isIn(folder, other)),
    )
    expect(new Set(strays)).toEqual(new Set())
  })

  test('stand elsewhere only where that is told of, and nothing is told of in vain', () => {
    const unused = Object.keys(otherTests).filter(
      other => !folders.some(folder => isIn(folder, other)),
    )
    expect(unused).toEqual([])
  })
})

test('no two files need each other, be it for a type', () => {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports)
    // The types made from the SDL name the parents that resolvers get, which are made of them.
    if (roomOf(from) !== 'generated') next.set(from, [...(next.get(from) ?? []), to])

  const cycles: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' > '))
      return
    }
    state.set(path, 'open')
    for (const to of next.get(path) ?? []) visit(to, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of files) visit(path, [])
  expect(cycles).toEqual([])
})

test('a name is declared by one file alone', () => {
  const byName = new Map<string, string[]>()
  for (const [path, tree] of trees) {
    if (['demo', 'generated'].includes(roomOf(path))) continue
    for (const name of exportsOf(tree)) byName.set(name, [...(byName.get(name) ?? []), path])
  }
  const twice = [...byName].filter(([name, paths]) => paths.length > 1 && !(name in declaredTwice))
  expect(twice.map(([name, paths]) => `${name}: ${paths.join(' ')}`)).toEqual([])
  const unneeded = Object.keys(declaredTwice).filter(name => (byName.get(name)?.length ?? 0) < 2)
  expect(unneeded).toEqual([])
})

/** The names that a file declares and exports; what it only hands on is declared elsewhere. */
const exportsOf = (tree: ts.SourceFile): readonly string[] =>
  tree.statements.flatMap(statement => {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined
    if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) !== true) return []
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => name.getText())
    const isNamed =
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)
    return isNamed && statement.name !== undefined ? [statement.name.text] : []
  })

/** A thread's own main beside them: how much processor time it has had. */
const knowProcess = ['main.ts', 'app/turns.ts', 'events/threads/worker.ts']

test('main and app alone know the process', () => {
  const users = [...trees].filter(
    ([path, tree]) => !knowProcess.includes(path) && [...nodesOf(tree)].some(isProcess),
  )
  expect(users.map(([path]) => path)).toEqual([])
})

/** The global `process`, also by way of globalThis or node:process; not a member or a name of our own. */
const isProcess = (node: ts.Node): boolean => {
  if (ts.isStringLiteral(node)) return /^(node:)?process$/.test(node.text) && isModuleName(node)
  if (!ts.isIdentifier(node) || node.text !== 'process') return false
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node)
    return parent.expression.getText() === 'globalThis'
  return !(ts.isPropertyAssignment(parent) && parent.name === node)
}

const isModuleName = (node: ts.Node): boolean =>
  ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent)
