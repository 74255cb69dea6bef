/**
 * Fitting what a projection says in the words of the newest version to any version: captions are put beside the values
 * of enumerations, values that the version lacks become 99 (Other) with their caption, and whatever has no place in
 * it, or not the form it demands there, is collected under its dotted path. All of it by the facts of the version.
 */
import type { Pivot, Shape } from './shape.ts'
import { isOther, type OcsfObject } from './values.ts'

export interface Observable {
  readonly name: string
  readonly type_id: number
  readonly type: string
  readonly value: string
}

/** What comes out of fitting beside the event: what was lost, by path, and what analysts pivot on. */
export interface Gleanings {
  readonly lost: [path: string, value: unknown][]
  readonly observables: Observable[]
}

/** The value for what an enumeration has no value for. */
export const OTHER = 99

/** The object as the version has it; undefined where nothing of it is left. */
export const fitObject = (
  shape: Shape,
  object: OcsfObject,
  out: Gleanings,
  prefix = shape.prefix,
): OcsfObject | undefined => {
  const [lost, observables] = [out.lost.length, out.observables.length]
  const fitted: Record<string, unknown> = {}
  let isEmpty = true
  for (const name in object) {
    const value = object[name]
    if (value === undefined || value === null) continue
    if (fitAttribute(shape, name, value, fitted, out, prefix)) isEmpty = false
  }
  if (isEmpty) return undefined
  if (holds(shape, fitted)) return fitted
  // Without what it must have, it is no such object: it is lost as a whole.
  out.lost.length = lost
  out.observables.length = observables
  out.lost.push([prefix.slice(0, -1), complete(shape, object)])
  return undefined
}

/** Writes the attribute into `fitted`, with its caption; false where it is not there after all. */
export const fitAttribute = (
  shape: Shape,
  name: string,
  value: unknown,
  fitted: Record<string, unknown>,
  out: Gleanings,
  prefix = shape.prefix,
): boolean => {
  const rule = shape.rules.get(name)
  if (rule?.enum?.wordOnly === true) {
    fitted[rule.enum.sibling] = labelOf(value, rule.enum.newest)
    if (typeof value === 'number') out.lost.push([prefix + name, value])
    return true
  }
  if (rule === undefined || !rule.kept || rule.fits?.(value) === false) {
    lose(shape, name, value, out, prefix)
    return false
  }
  if (rule.enum !== undefined) {
    const { captions, newest, sibling } = rule.enum
    const known = typeof value === 'number' ? captions.get(value) : undefined
    fitted[rule.name] = known === undefined ? OTHER : value
    fitted[sibling] = known ?? labelOf(value, newest)
    return true
  }
  const { observable } = rule
  if (rule.shape !== undefined) {
    const below = rule.shape()
    const found = rule.isArray
      ? fitArray(below, value as readonly OcsfObject[], out, `${prefix}${rule.name}`)
      : fitObject(
          below,
          value as OcsfObject,
          out,
          prefix === shape.prefix ? below.prefix : `${prefix}${rule.name}.`,
        )
    if (found === undefined) return false
    fitted[rule.name] = found
    return true
  }
  fitted[rule.name] = value
  if (observable !== undefined) observe(observable, value, out)
  return true
}

const fitArray = (
  shape: Shape,
  elements: readonly OcsfObject[],
  out: Gleanings,
  path: string,
): readonly OcsfObject[] | undefined => {
  const fitted: OcsfObject[] = []
  for (const [index, element] of elements.entries()) {
    const found = fitObject(shape, element, out, `${path}[${index}].`)
    if (found !== undefined) fitted.push(found)
  }
  return fitted.length === 0 && elements.length > 0 ? undefined : fitted
}

const observe = (
  { id, caption, name }: Pivot,
  value: unknown,
  { observables }: Gleanings,
): void => {
  const text = String(value)
  for (const known of observables) if (known.type_id === id && known.value === text) return
  observables.push({ name, type_id: id, type: caption, value: text })
}

const holds = ({ constraints, required }: Shape, fitted: OcsfObject): boolean => {
  for (const name of required) if (fitted[name] === undefined) return false
  for (const { rule, of } of constraints) {
    let count = 0
    for (const name of of) if (fitted[name] !== undefined) count += 1
    if (rule === 'just_one' ? count !== 1 : count === 0) return false
  }
  return true
}

const lose = (shape: Shape, name: string, value: unknown, out: Gleanings, prefix: string): void => {
  const completed = complete(shape, { [name]: value })
  for (const part in completed) out.lost.push([prefix + part, completed[part]])
}

/** The object as the newest version has it, with its captions and without what has no value. */
const complete = ({ rules }: Shape, object: OcsfObject): OcsfObject => {
  const completed: Record<string, unknown> = {}
  for (const name in object) {
    const value = object[name]
    if (value === undefined || value === null) continue
    const rule = rules.get(name)
    const below = rule?.shape
    if (rule?.enum !== undefined) {
      completed[name] = typeof value === 'number' ? value : OTHER
      completed[rule.enum.sibling] = labelOf(value, rule.enum.newest)
    } else if (below === undefined) completed[name] = value
    else if (Array.isArray(value))
      completed[name] = (value as readonly OcsfObject[]).map(element => complete(below(), element))
    else completed[name] = complete(below(), value as OcsfObject)
  }
  return completed
}

/** The caption of a value, or the word that has none. */
const labelOf = (value: unknown, captions: ReadonlyMap<number, string>): string =>
  isOther(value) ? value.other : (captions.get(value as number) ?? String(value))
