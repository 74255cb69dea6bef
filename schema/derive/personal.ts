import { Kind, type DocumentNode } from 'graphql'

const TAG = 'pii'

/** The fields that the schema tags as personal, by the types that have any, as a module of TypeScript. */
export const personalModule = (document: DocumentNode): string => {
  const types = document.definitions.flatMap(definition => {
    if (
      definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
      definition.kind !== Kind.INTERFACE_TYPE_DEFINITION
    )
      return []
    const fields = (definition.fields ?? [])
      .filter(({ directives }) =>
        directives?.some(
          ({ name, arguments: given }) =>
            name.value === 'tag' &&
            given?.some(({ value }) => value.kind === Kind.STRING && value.value === TAG),
        ),
      )
      .map(({ name }) => JSON.stringify(name.value))
    return fields.length === 0 ? [] : `  ${definition.name.value}: [${fields.join(', ')}],`
  })
  return [
    '// Written from schema/ by `npm run codegen`; never edited.',
    '',
    '/** The fields that may name a person, by type. */',
    'export const personalFields: Readonly<Record<string, readonly string[]>> = {',
    ...types,
    '}',
    '',
  ].join('\n')
}
