/** Selections of events of OCSF for tests: everything that can be selected, and answers without what is not there. */
import { isObjectType } from 'graphql'
import { schema } from '../../schema/the-schema.ts'

/** Everything that can be selected of a type, but the fields left out. */
export const everythingOf = (name: string, without: readonly string[] = []): string => {
  const type = schema.getType(name)
  if (!isObjectType(type)) return ''
  const fields = Object.values(type.getFields())
    .filter(field => !without.includes(field.name))
    .map(field => {
      const inner = String(field.type).replaceAll(/[[\]!]/g, '')
      return `${field.name} ${everythingOf(inner)}`
    })
  return `{ ${fields.join(' ')} }`
}

export const withoutNulls = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(withoutNulls)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, member]) => member !== null)
            .map(([name, member]) => [name, withoutNulls(member)]),
        )
      : value

/** Nulls within `data` are Push's own. */
export const withoutData = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (name, member: unknown) => (name === 'data' ? undefined : member)),
  )
