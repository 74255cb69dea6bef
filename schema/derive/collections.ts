/** What the schema says of every collection alike, from the table of the model. */
import {
  type EnumTypeDefinitionNode,
  type InputObjectTypeDefinitionNode,
  parse,
  visit,
  type DocumentNode,
} from 'graphql'
import { singles } from '../../src/model/collection-lookups.ts'
import { collectionNames, collections } from '../../src/model/collections.ts'
import { upperSnake } from '../../src/model/dimensions.ts'

/** `browserExtensions` in words: browser extensions. */
const inWords = (name: string): string =>
  name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const values = collectionNames.map(name => {
  const words = capitalized(inWords(name))
  return `"${words}: \`GET ${collections[name].path}\`." ${upperSnake(name)}`
})

const filters = collectionNames.map(
  name => `"Which ${inWords(name)} to give." ${name}: ${collections[name].type}Filter`,
)

const [collection, filter] = parse(
  `enum Collection { ${values.join('\n')} } input OcsfEventFilter { ${filters.join('\n')} }`,
).definitions as [EnumTypeDefinitionNode, InputObjectTypeDefinitionNode]

/**
 * The written schema with a value of `Collection` and a filter of OCSF events for each collection.
 *
 * @throws {Error} where `EntityType` has no value for the objects of a collection.
 */
export const withCollections = (document: DocumentNode): DocumentNode =>
  visit(document, {
    EnumTypeDefinition: type => {
      const written = type.values ?? []
      if (type.name.value === 'Collection')
        return { ...type, values: [...(collection.values ?? []), ...written] }
      if (type.name.value === 'EntityType')
        for (const wanted of [...singles.keys()].map(upperSnake))
          if (!written.some(({ name }) => name.value === wanted))
            throw new Error(`The schema's EntityType lacks ${wanted}`)
      return undefined
    },
    InputObjectTypeDefinition: type =>
      type.name.value === 'OcsfEventFilter'
        ? { ...type, fields: [...(filter.fields ?? []), ...(type.fields ?? [])] }
        : undefined,
  })
