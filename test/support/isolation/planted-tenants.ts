/** Tenants with words that nobody else has: wherever one of them turns up, something of its tenant has. */
import { createData, type TenantData } from '../../../src/demo/data.ts'
import { documented, type Payload } from '../ocsf/webhook-payloads.ts'
import { TEST_NOW } from '../stand-in.ts'

/** What stands in the rows of the tenant of that alias, and in what is told by its events alone. */
export const wordsOf = (alias: string): { readonly row: string; readonly event: string } => ({
  row: `${alias}row`,
  event: `${alias}told`,
})

/** Members whose texts are words that all tenants have in common, or say what another member is. */
const common = /^(version|extensionVersion|language|object|category|type|os|browser)$/

/** The same value, with the word in each of its texts; ids get it where they are of that tenant alone. */
const planted = (value: unknown, word: string, name = ''): unknown => {
  if (Array.isArray(value)) return value.map(each => planted(each, word, name))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([member, of]) => [member, planted(of, word, member)]),
    )
  if (typeof value !== 'string' || common.test(name)) return value
  // Half of the objects have the same ids in every tenant.
  if (/^id$|Id$/.test(name)) return /[02468ace]$/.test(value) ? `${value}-${word}` : value
  // Words of enumerations, open or closed.
  if (/^[A-Z][A-Z0-9_]*$/.test(value)) return value
  if (name === 'metadata') return value.replaceAll(/"([a-z][^"]*)"(?=[,}\]])/g, `"$1 ${word}"`)
  if (value.includes('@')) return value.replace('@', `.${word}@`)
  return /^https?:/.test(value) ? `${value}/${word}` : `${value} ${word}`
}

/** A small tenant, the same for each alias but for its words. */
export const plantedRows = (alias: string): TenantData => {
  const { seed, scale, now, awkward, ...rows } = createData({ seed: 1, scale: 0.01, now: TEST_NOW })
  const marked = planted(rows, wordsOf(alias).row) as typeof rows
  return { seed, scale, now, awkward, ...marked }
}

/** An event of each kind. What tells of an object has the words of rows, since it may become one. */
export const plantedEvents = (alias: string): readonly Payload[] => {
  const { row, event } = wordsOf(alias)
  return documented.map(({ payload }, index) => {
    const { new: now, old, actor, ...told } = payload
    const isOfRow = payload['category'] === 'ENTITY' || payload['category'] === 'DETECTION'
    const inner = (value: unknown): unknown => planted(value, isOfRow ? row : event)
    return {
      ...(planted(told, event) as Payload),
      id: `${alias} ${index}`,
      timestamp: 1_698_604_061 + index,
      ...('new' in payload ? { new: inner(now) } : {}),
      ...('old' in payload ? { old: inner(old) } : {}),
      ...('actor' in payload ? { actor: inner(actor) } : {}),
    }
  })
}

/** Events that tell of a change of each kind now: of rows of that tenant, with its words. The last one is a deletion. */
export const plantedChanges = (alias: string): readonly Payload[] => {
  const { row } = wordsOf(alias)
  const { employees, apps, accounts } = plantedRows(alias)
  const timestamp = Math.floor(Date.now() / 1_000)
  const of = (object: string, type: string, now: object): Payload => {
    const id = `${alias} ${object} ${type}`
    return { id, timestamp, category: 'ENTITY', object, type, new: now }
  }
  const [employee, app, account] = [employees[0], apps[0], accounts[0]]
  return [
    of('EMPLOYEE', 'CREATE', { ...employee, id: `new-${row}` }),
    of('EMPLOYEE', 'UPDATE', { id: employee?.id, department: `Elsewhere ${row}` }),
    of('APP', 'UPDATE', { id: app?.id, notes: `changed ${row}`, labels: [row] }),
    { ...of('ACCOUNT', 'DELETE', {}), new: null, old: { ...account } },
  ]
}
