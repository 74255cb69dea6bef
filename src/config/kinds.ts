/** The kinds of values that variables hold. */
import { z } from 'zod'

/** The alias of a connector. */
export const alias = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,62}$/,
    'must be 1 to 63 small letters, digits, - or _, beginning with a letter or digit',
  )

/** A variable that may be left out for `fallback`; of its text `read` makes a value, or undefined where it cannot. */
const optional = <Value extends string | number>(
  fallback: Value,
  kind: string,
  read: (text: string) => Value | undefined,
) =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      const value = text === undefined ? fallback : read(text)
      if (value !== undefined) return value
      context.addIssue(`must be ${kind}; leave it out for ${fallback}`)
      return z.NEVER
    })

const number = (kind: string, pattern: RegExp) => (least: number, most: number, fallback: number) =>
  optional(fallback, `${kind} from ${least} to ${most}`, text => {
    const value = Number(text)
    return pattern.test(text) && value >= least && value <= most ? value : undefined
  })

/** A whole number within bounds that may be left out: undefined then, for what `fallback` names. */
export const wholeElse = (least: number, most: number, fallback: string) =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return undefined
      const value = Number(text)
      if (/^\d+$/.test(text) && value >= least && value <= most) return value
      context.addIssue(
        `must be a whole number from ${least} to ${most}; leave it out for ${fallback}`,
      )
      return z.NEVER
    })

/** A whole number within bounds, which come first, the fallback last. */
export const whole = number('a whole number', /^\d+$/)
/** The same with a fraction. */
export const decimal = number('a number', /^\d+(\.\d+)?$/)

/** A variable that holds one of a few words. */
export const oneOf = <Word extends string>(words: readonly Word[], fallback: Word) =>
  optional(fallback, `one of ${words.join(', ')}`, text =>
    words.find(candidate => candidate === text.toLowerCase()),
  )

/** `on` or `off`, as a boolean. */
export const onOff = (fallback: 'on' | 'off') =>
  oneOf(['on', 'off'], fallback).transform(chosen => chosen === 'on')

/** A variable that holds several values, parted by commas; `read` gives undefined for what is none. */
export const listed = (read: (part: string) => string | undefined, mistake: string) =>
  z
    .string()
    .default('')
    .transform((text, context) => {
      const parts = text.split(',').map(part => part.trim())
      const values = parts.filter(part => part !== '').map(read)
      const known = values.filter(value => value !== undefined)
      if (known.length === values.length) return [...new Set(known)]
      context.addIssue(mistake)
      return z.NEVER
    })

/** A variable that may hold anything, or be left out. */
export const anyText = z.string().optional()
