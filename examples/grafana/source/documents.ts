/** The trusted documents of the dashboards: what each is asked for by, and with which variables. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Kind, parse } from 'graphql'

const folder = new URL('../documents/', import.meta.url)

/** One document of the folder, as a server lists it. */
interface TrustedDocument {
  /** What `sha256sum` says of its file. */
  readonly hash: string
  /** The names of its variables, in their order. */
  readonly variables: readonly string[]
}

const readDocument = (name: string): readonly [operation: string, TrustedDocument] => {
  const text = readFileSync(new URL(name, folder), 'utf8')
  const [operation, ...others] = parse(text).definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION || operation.name === undefined)
    throw new Error(`${name} must hold one operation with a name`)
  if (others.length > 0) throw new Error(`${name} must hold nothing but one operation`)
  return [
    operation.name.value,
    {
      hash: createHash('sha256').update(text).digest('hex'),
      variables: (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value),
    },
  ]
}

const documents = new Map(readdirSync(folder).sort().map(readDocument))

/**
 * A moment of the range that is looked at, cut to the minute: who looks within the same minute asks the same, so that the
 * server gives an answer again that it has given already.
 */
const minuteOf = (end: 'From' | 'To'): string => `"\${__time${end}:date:YYYY-MM-DDTHH:mm:00Z}"`

/** As wide as the range wants its columns: hours of two days, days of four months, else weeks. */
const bucketOf = (moment: 'CREATED' | 'OCCURRED'): string =>
  `"$__customInterval(2d,${moment}_HOUR,120d,${moment}_DAY,${moment}_WEEK)"`

/**
 * What each variable of a document is given, as text of JSON in which Grafana and Infinity put their values. A value of the
 * variable `department` is a filter; all values of it are those with somebody, and those without.
 */
const given: Readonly<Record<string, string>> = {
  people: '[${department:csv}]',
  connectors: '${connector:json}',
  from: minuteOf('From'),
  until: minuteOf('To'),
  findingsBy: bucketOf('CREATED'),
  detectionsBy: bucketOf('CREATED'),
  eventsBy: bucketOf('OCCURRED'),
}

/** The parameters of the address by which Infinity asks for that operation. */
export const parametersOf = (operation: string): readonly { key: string; value: string }[] => {
  const document = documents.get(operation)
  if (document === undefined) throw new Error(`No document has the operation ${operation}`)
  const members = document.variables.map(name => {
    const value = given[name]
    if (value === undefined) throw new Error(`${operation}: nothing is given for $${name}`)
    return `${JSON.stringify(name)}:${value}`
  })
  return [
    { key: 'documentId', value: document.hash },
    { key: 'operationName', value: operation },
    ...(members.length === 0 ? [] : [{ key: 'variables', value: `{${members.join(',')}}` }]),
  ]
}
