/** The connectors of an operation, by the names that callers give them. */
import { BadInputError } from '../errors.ts'
import { ConnectorView } from '../query/connector-view.ts'
import { aliasOf } from '../query/operation/place.ts'
import type { Reader, ConnectorReaders } from '../query/reading/reader.ts'

/** Those that a root field names; all that the caller sees where it names none. */
export type ConnectorNames = readonly string[] | null | undefined

export interface Connectors {
  /** @throws BadInputError for the argument that named it, where there is no such connector. */
  readerOf(connector: string, argument?: string): Reader
  /** Each once. @throws like `readerOf`. */
  readersOf(connectors: ConnectorNames, argument?: string): readonly Reader[]
}

export const createConnectors = (readers: ConnectorReaders): Connectors => {
  const readerOf: Connectors['readerOf'] = (connector, argument = 'connectors') => {
    const reader = readers.get(aliasOf(connector))
    if (reader === undefined)
      throw new BadInputError(
        `There is no connector "${connector}"; the field "connectors" lists them`,
        argument,
      )
    return reader
  }
  return {
    readerOf,
    readersOf: (connectors, argument) =>
      connectors
        ? [...new Set(connectors)].map(connector => readerOf(connector, argument))
        : [...readers.values()],
  }
}

export interface ConnectorLoaders {
  /** Every connector that the caller sees. */
  connectors(): readonly ConnectorView[]
  /** The one of that alias. @throws BadInputError where there is none. */
  connector(alias: string): ConnectorView
}

export const createConnectorLoaders = ({ readerOf, readersOf }: Connectors): ConnectorLoaders => ({
  connectors: () => readersOf(undefined).map(({ store }) => new ConnectorView(store)),
  connector: alias => new ConnectorView(readerOf(alias, 'connector').store),
})
