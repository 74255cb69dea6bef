/** Which object an id names, asked of Push directly before anything is read whole. */
import { GatewayError } from '../../errors.ts'
import type { Row } from '../../model/rows.ts'
import type { Reader } from '../reading/reader.ts'
import type { ObservableKind } from '../../model/observables.ts'
import { type FieldRef, fieldRefsOf } from './fields.ts'

/**
 * The fields in which the value is to be looked for. Where it turns out to be the id of an object, those of that kind
 * of id alone: ids are unique, so reading everything else for it would bring nothing. Where it is the id of nothing
 * that Push can be asked for, all fields remain: it may be that of an object that was deleted.
 * @throws the first error where every request failed.
 */
export const identify = async (
  kinds: readonly ObservableKind[],
  value: string,
  reader: Reader,
): Promise<readonly FieldRef[]> => {
  const fields = fieldRefsOf(kinds)
  const asked = fields.filter(field => field.names === 'first' && answersDirectly(field, reader))
  const answers = await Promise.all(asked.map(field => isNamedBy(field, value, reader)))
  const failures = answers.filter(answer => answer instanceof GatewayError)
  if (failures[0] !== undefined && failures.length === answers.length) throw failures[0]
  const named = new Set(asked.filter((_, index) => answers[index] === true).map(({ kind }) => kind))
  if (named.size === 0) return fields
  return fields.filter(({ kind, names }) => named.has(kind) && names !== 'last')
}

const answersDirectly = ({ holder, field }: FieldRef, { facts }: Reader): boolean => {
  if (holder === 'detectionEvents') return false
  if (facts.covered(holder)) return true
  return field === 'id' ? facts.byId(holder) : facts.bySlice(holder, field)
}

const isNamedBy = async (
  { holder, field }: FieldRef,
  value: string,
  reader: Reader,
): Promise<boolean | GatewayError> => {
  if (holder === 'detectionEvents') return false
  try {
    const [answer]: readonly (Row | readonly Row[] | Error | null)[] =
      field === 'id'
        ? await reader.rows(holder, [value])
        : await reader.children(holder, field, [value])
    if (answer instanceof Error) throw answer
    return Array.isArray(answer) ? answer.length > 0 : answer !== null
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}
