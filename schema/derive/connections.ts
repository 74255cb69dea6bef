import {
  Kind,
  parse,
  print,
  visit,
  type DocumentNode,
  type InputValueDefinitionNode,
  type ObjectTypeDefinitionNode,
} from 'graphql'
import { storedLists, storedNames } from '../../src/model/stored.ts'
import { listedBy, shapeOf, type Written } from './written.ts'

/** A page of an entity's list, with what can be said of the whole. */
export const connectionOf = (
  written: Written,
  { name: { value: name } }: ObjectTypeDefinitionNode,
): string => {
  const fieldsOfGroups = groupFields(written)
  return `
  "A list of objects of the type \`${name}\`: one page of it, and what can be said of the whole."
  type ${name}Connection {
    "The objects on this page, each with its cursor."
    edges: [${name}Edge!]!
    "The objects on this page."
    nodes: [${name}!]!
    "Where this page stands in the list."
    pageInfo: PageInfo!
    """
    How many objects the whole list has, all pages together. Counted only when asked for, which may need every row to
    be read; null with \`BUDGET_EXCEEDED\` where the budget does not suffice.
    """
    totalCount: Int
    """
    How many objects of the whole list share the same values: in the order of time where the first dimension is a time
    bucket, else the most frequent first, then by key. None is left out in silence: without \`first\` all of them come, and
    more than 20000 are \`BAD_USER_INPUT\`. Counted only when asked for, which may need every row to be read; null with
    \`BUDGET_EXCEEDED\` where the budget does not suffice.
    """
    groups(
      "What to group by, from 1 to 6 dimensions: one key for each, in this order."
      by: [${name}Dimension!]!
      "Gives only groups of so many rows; empty time buckets that \`fill\` adds have 0."
      having: IntFilter
      "What to sort the groups by, in place of their usual order: the first key decides, the next ones break its ties."
      orderBy: [GroupOrder!]
      "How many groups to give at most, from 1 to 20000; all of them where absent."
      first: Int
      """
      Whether to add the time buckets in which there is nothing, with a count of 0, for each combination of the other
      keys. Needs exactly one time bucket in \`by\`. The range is \`from\` to \`until\`, or where one is absent, the first
      or last bucket that has a row. False where absent.
      """
      fill: Boolean
      "Counts only rows whose bucketed time is not before this moment. Needs exactly one time bucket in \`by\`."
      from: DateTime
      "Counts only rows whose bucketed time is before this moment. Needs exactly one time bucket in \`by\`."
      until: DateTime
    ): [${name}GroupCount!]
    """
    How many groups there are: how many different combinations of values the whole list has. Counted only when asked for,
    which may need every row to be read; null with \`BUDGET_EXCEEDED\` where the budget does not suffice.
    """
    groupCount(
      "What to group by, from 1 to 6 dimensions."
      by: [${name}Dimension!]!
    ): Int
    "When the oldest read began that this answer rests on. Null where nothing had to be read."
    asOf: DateTime
    """
    Whether no row is missing. False where a budget ran out or a connector failed; \`extensions.pushgraph.warnings\` says
    which and why.
    """
    complete: Boolean!
  }

  "One object in a list, with its place."
  type ${name}Edge {
    "The place of the object in the list, to give as \`after\` or \`before\`. It stays valid when the data is read again."
    cursor: String!
    "The object."
    node: ${name}!
  }

  "How many objects of the type \`${name}\` share the same values, and what else there is to count of them."
  type ${name}GroupCount implements GroupCount {
    ${fieldsOfGroups}
    """
    How many different values the objects have there, those without a value apart. Of a list each element is one, of a time
    bucket each stretch of time.
    """
    distinct(
      "Whose values to count."
      of: ${name}Dimension!
    ): Int!
    "Which share of the objects passes the filter, from 0 to 1. 0 where there is no object, as in an empty time bucket."
    share(
      "The filter. It looks at everything that the filter of a list may."
      where: ${name}Filter!
    ): Float!
  }`
}

/** The fields of the interface of groups, as every type of them repeats them. */
const groupFields = ({ document }: Written): string =>
  document.definitions
    .flatMap(definition =>
      definition.kind === Kind.INTERFACE_TYPE_DEFINITION && definition.name.value === 'GroupCount'
        ? (definition.fields ?? [])
        : [],
    )
    .map(field => print(field))
    .join('\n')

/** The written schema with the arguments of a list on every field that gives one and has none yet. */
export const withListArguments = (written: Written): DocumentNode =>
  visit(written.document, {
    ObjectTypeDefinition: type => ({
      ...type,
      fields: (type.fields ?? []).map(field => {
        if (shapeOf(field.type).name === TIMELINE)
          return { ...field, arguments: [...(field.arguments ?? []), ...timelineArguments] }
        const listed = listedBy(written, field)
        if (listed === undefined || field.arguments?.length !== 0) return field
        return { ...field, arguments: listArguments(listed, type.name.value === 'Query') }
      }),
    }),
  })

const timeOfChanges = `
  "Gives changes that became known from this moment on. Where absent, from the first that is kept."
  since: DateTime
  "Gives changes that became known before this moment. Where absent, up to the last."
  until: DateTime`
const collectionsOfChanges = `
  "The lists whose objects changed. Where absent, all of them."
  collections: [Collection!]`

/** The page of what happened to an object, whose arguments are those of no list. */
const TIMELINE = 'TimelineConnection'

const listArguments = (
  { name: { value: name } }: ObjectTypeDefinitionNode,
  isRoot: boolean,
): readonly InputValueDefinitionNode[] => {
  const connectors = `
    "The aliases of the connectors to read from. Where absent, all of them."
    connectors: [String!]`
  const at = `
    """
    The moment as of which to give the objects: as they were known here then, with all that is selected below them. Where
    absent, as they are. Needs the scope \`events\`.
    """
    at: DateTime`
  const isStored = storedNames.some(of => storedLists[of].type === name)
  const usual = isStored
    ? 'latest comes first'
    : "order is Push's own, and a page can be given before the whole list has been read"
  return argumentsIn(`
        ${name === 'Change' ? timeOfChanges : ''}
        ${name === 'Change' && isRoot ? collectionsOfChanges : ''}
        "Which objects to give. Where absent, all of them."
        filter: ${name}Filter
        """
        What to sort by: the first key decides, the next ones break its ties, the ${isStored ? 'order of arrival' : 'id'} breaks the last.
        Where absent, the ${usual}.
        """
        orderBy: [${name}Order!]
        "How many objects to give at most, from 0 to 1000, from the beginning or after \`after\`; 50 where absent. For 0 none is read."
        first: Int
        "Gives what follows the object with this cursor."
        after: String
        "How many objects to give at most, from 0 to 1000, from the end or before \`before\`; for 0 none is read. Excludes \`first\`."
        last: Int
        "Gives what precedes the object with this cursor."
        before: String
        ${isRoot ? connectors : ''}
        ${isRoot && !isStored ? at : ''}`)
}

/** The arguments that are written there. */
const argumentsIn = (written: string): readonly InputValueDefinitionNode[] => {
  const [type] = parse(`type Any { list(${written}): Any }`).definitions
  return (type?.kind === Kind.OBJECT_TYPE_DEFINITION && type.fields?.[0]?.arguments) || []
}

const timelineArguments = argumentsIn(`
  "Gives what happened from this moment on. Where absent, from the first that is kept."
  since: DateTime
  "Gives what happened before this moment. Where absent, up to the last."
  until: DateTime
  "Which kinds to give. Where absent, all of them."
  kinds: [TimelineKind!]
  "How much to give at most, from 0 to 1000; 50 where absent. For 0 nothing is read."
  first: Int
  "Gives what follows that with this cursor."
  after: String`)
