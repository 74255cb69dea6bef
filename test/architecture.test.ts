import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const sources = fileURLToPath(new URL('../src/', import.meta.url))

/** Which room may import which: its own files, and those below it or the wings it serves. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  http: ['graphql', 'webhooks', 'errors', 'model'],
  graphql: ['loaders', 'ocsf', 'errors', 'model', 'generated'],
  loaders: ['query', 'errors', 'model'],
  query: ['store', 'events', 'filter', 'errors', 'model'],
  store: ['upstream', 'errors', 'model'],
  events: ['filter', 'errors', 'model'],
  upstream: ['errors', 'model'],
  filter: ['errors', 'model'],
  webhooks: ['events', 'store', 'errors', 'model'],
  export: ['query', 'ocsf', 'errors', 'model'],
  ocsf: ['model'],
  demo: ['model'],
  config: ['errors', 'model'],
  errors: [],
  model: [],
  // Made from the SDL; the parents of its resolvers are types of the room that it is made for.
  generated: ['graphql', 'model'],
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
      from: 'upstream/contract.ts',
      to: 'model/rows.ts',
      typeOnly: true,
    })
    expect(imports).toContainEqual({ from: 'main.ts', to: 'main/program.ts', typeOnly: false })
    expect(imports.length).toBeGreaterThan(files.length)
  })

  test('is only walked down: no room imports one that it may not know', () => {
    const trespassing = imports.filter(({ from, to }) => {
      const [room, other] = [roomOf(from), roomOf(to)]
      return room !== other && !outside.includes(room) && mayImport[room]?.includes(other) !== true
    })
    expect(trespassing.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
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

test('no two files need each other to run', () => {
  const next = new Map<string, string[]>()
  for (const { from, to, typeOnly } of imports)
    if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to])

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

test('main and app alone know the process', () => {
  const users = [...trees].filter(
    ([path, tree]) => path !== 'main.ts' && path !== 'app.ts' && [...nodesOf(tree)].some(isProcess),
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
