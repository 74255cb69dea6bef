/** Objects as the graph shows their plain fields, for exports that are not in OCSF. */
import { collections } from '../model/collections.ts'
import { type EventRow, eventTypeOf, payloadOf } from '../model/events.ts'
import { plainRow, plainValue } from '../model/plain-values.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import { fieldsOf, storedLists, type StoredName, type StoredRows } from '../model/stored.ts'
import { fieldOf } from '../model/values.ts'

/** The plain fields of an object, with its type and its connector. */
export const toPlain = <Name extends CollectionName>(
  connector: string,
  name: Name,
  row: Rows[Name],
): object => ({
  __typename: collections[name].type,
  connectorAlias: connector,
  ...plainRow(name, row),
})

/** The same of what is kept here; of an event with its body as an object. */
export const toPlainStored = <Name extends StoredName>(
  connector: string,
  name: Name,
  row: StoredRows[Name],
): object => {
  const plain: Record<string, unknown> = {
    __typename: name === 'events' ? eventTypeOf(row as EventRow) : storedLists[name].type,
    connectorAlias: connector,
  }
  const loginMethods: Record<string, unknown> = {}
  for (const [field, of] of Object.entries(fieldsOf(name))) {
    const into = of.from.startsWith('loginMethods.') ? loginMethods : plain
    into[field] = plainValue(of, fieldOf(row, field))
  }
  if (name === 'otherAccounts') plain['loginMethods'] = loginMethods
  if (name === 'events') plain['payload'] = payloadOf(row as EventRow)
  return plain
}
