/** Questions of one tenant, and what is wrong with a whole answer, by what the tenant was in that time. */
import type { Random } from '../../src/demo/tenant/random.ts'
import { type ShownList, shownLists } from './lists.ts'
import type { PushRow, Span, Truth } from './truth.ts'

export interface Judged {
  readonly query: string
  readonly variables: object
  /** What is wrong where the answer tells of that time; undefined where nothing is. */
  readonly flaw: (data: unknown, span: Span) => string | undefined
}

type Node = Readonly<Record<string, unknown>> & { readonly id: string }

interface Nodes {
  readonly totalCount: number
  readonly nodes: readonly Node[]
}

/** A whole list, or what passes its filter. */
const list = (of: ShownList, truth: Truth, isFiltered: boolean): Judged => {
  const filter = isFiltered ? `, filter: ${of.filter}` : ''
  return {
    query: `{ list: ${of.name}(first: 1000${filter}) { totalCount nodes { ${of.selection} } } }`,
    variables: {},
    flaw: (data, span) =>
      flawOfNodes(
        of,
        truth,
        (data as { list: Nodes }).list,
        span,
        isFiltered ? of.passes : () => true,
      ),
  }
}

const one = (of: ShownList, truth: Truth, random: Random): Judged => {
  const id = random.pick([...truth.ids(of.name)])
  return {
    query: `query($id: ID!) { one: ${of.one}(id: $id) { ${of.selection} } }`,
    variables: { id },
    flaw: (data, span) => {
      const node = (data as { one: Node | null }).one
      const versions = truth.versions(of.name, id, span)
      if (node === null) return versions.includes(null) ? undefined : `${of.one} ${id} is not found`
      return flawOfNode(of, node, versions, () => true)
    },
  }
}

/** The accounts of one employee. */
const accountsOf = (truth: Truth, random: Random): Judged => {
  const of = shownLists.find(({ name }) => name === 'accounts') as ShownList
  const id = random.pick([...truth.ids('employees')])
  return {
    query: `query($id: ID!) { employee(id: $id) { accounts(first: 1000) { totalCount nodes { ${of.selection} } } } }`,
    variables: { id },
    flaw: (data, span) => {
      const { employee } = data as { employee: { accounts: Nodes } | null }
      if (employee === null)
        return truth.versions('employees', id, span).includes(null)
          ? undefined
          : `employee ${id} is not found`
      return flawOfNodes(
        of,
        truth,
        employee.accounts,
        span,
        row => 'employeeId' in row && row.employeeId === id,
      )
    },
  }
}

export const makeJudged = (truth: Truth, random: Random): Judged => {
  const chance = random.next()
  if (chance < 0.15) return accountsOf(truth, random)
  const of = random.pick(shownLists)
  return chance < 0.3 ? one(of, truth, random) : list(of, truth, chance < 0.6)
}

/** Each list once. */
export const allLists = (truth: Truth): Judged[] => shownLists.map(of => list(of, truth, false))

/** Row by row: each that is there was such a one in that time, and each that is not was not there, or did not pass. */
const flawOfNodes = (
  of: ShownList,
  truth: Truth,
  { nodes, totalCount }: Nodes,
  span: Span,
  passes: (row: PushRow) => boolean,
): string | undefined => {
  const shown = new Set(nodes.map(({ id }) => id))
  if (shown.size < nodes.length) return `${of.name} shows a row twice`
  for (const node of nodes) {
    const flaw = flawOfNode(of, node, truth.versions(of.name, node.id, span), passes)
    if (flaw !== undefined) return flaw
  }
  let [least, most] = [0, 0]
  for (const id of truth.ids(of.name)) {
    const versions = truth.versions(of.name, id, span)
    const passing = versions.filter(row => row !== null && passes(row))
    const isSure = passing.length === versions.length
    if (isSure && !shown.has(id)) return `${of.name} lacks ${id}, ${of.tell(passing[0] as PushRow)}`
    least += Number(isSure)
    most += Number(passing.length > 0)
  }
  // Rows and count are taken one after the other: where one changed in between, they need not agree.
  return least <= totalCount && totalCount <= most
    ? undefined
    : `${of.name} counts ${totalCount}, not ${least} to ${most}`
}

const flawOfNode = (
  of: ShownList,
  node: Node,
  versions: readonly (PushRow | null)[],
  passes: (row: PushRow) => boolean,
): string | undefined => {
  const told = of.told(node)
  const isRight = versions.some(row => row !== null && passes(row) && of.tell(row) === told)
  if (isRight) return undefined
  const was = versions.map(row => (row === null ? 'absent' : of.tell(row))).join(', then ')
  return `${of.one} ${node.id} is ${told} instead of ${was}`
}
