import { isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { ownTypes } from './the-schema.ts'

interface Described {
  readonly place: string
  readonly text: string
}

const everything: readonly Described[] = ownTypes.flatMap(type => {
  const places: Described[] = []
  const add = (place: string, { description }: { readonly description?: unknown }): void => {
    places.push({ place, text: typeof description === 'string' ? description : '' })
  }
  add(type.name, type)
  if (isEnumType(type))
    for (const value of type.getValues()) add(`${type.name}.${value.name}`, value)
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields())) add(`${type.name}.${field.name}`, field)
  if (isObjectType(type) || isInterfaceType(type))
    for (const field of Object.values(type.getFields())) {
      // Federation's own.
      if (field.name.startsWith('_')) continue
      add(`${type.name}.${field.name}`, field)
      for (const argument of field.args)
        add(`${type.name}.${field.name}(${argument.name})`, argument)
    }
  return places
})

const failing = (rule: (described: Described) => boolean): readonly string[] =>
  everything.filter(described => !rule(described)).map(({ place }) => place)

describe('the descriptions', () => {
  it('stand on every type, field, argument, member of an input and value of an enumeration', () => {
    expect(everything.length).toBeGreaterThan(1000)
    expect(failing(({ text }) => text !== '')).toEqual([])
  })

  it('are sentences', () => {
    expect(failing(({ text }) => /^[A-Z`].*[.]$/s.test(text))).toEqual([])
    expect(failing(({ text }) => !/ {2}|\w\.\.|undefined/.test(text))).toEqual([])
  })

  it('say more than the name', () => {
    const words = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]/g, '')
    // A product's own name is all there is to say of it.
    const products = ['BrowserName.', 'OperatingSystem.']
    expect(
      failing(
        ({ place, text }) =>
          products.some(product => place.startsWith(product)) ||
          words(text) !== words(place.split('.').at(-1) ?? ''),
      ),
    ).toEqual([])
  })

  it('close every quotation of code', () => {
    expect(failing(({ text }) => text.split('`').length % 2 === 1)).toEqual([])
  })
})
