/** What became of the connectors that are served, where others took their place. */
import type { ConnectorConfig } from '../config/connectors.ts'

/** What became of connectors, by alias. */
export interface ConnectorChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Of another address or key: they begin without rows. */
  readonly replaced: readonly string[]
  /** Of another rate or burst. */
  readonly limited: readonly string[]
  /** Of other webhook secrets. */
  readonly secrets: readonly string[]
}

/** One that is served; another client is another connector, whatever its alias. */
interface Connected {
  readonly alias: string
  readonly config: ConnectorConfig
  readonly client: object
}

/** What is other now than before. */
export const changesBetween = (
  before: ReadonlyMap<string, Connected>,
  now: ReadonlyMap<string, Connected>,
): ConnectorChanges => {
  const aliasesOf = (changed: (was: Connected, is: Connected) => boolean): readonly string[] =>
    [...now.values()].flatMap(is => {
      const was = before.get(is.alias)
      return was !== undefined && changed(was, is) ? [is.alias] : []
    })
  return {
    added: [...now.keys()].filter(alias => !before.has(alias)),
    removed: [...before.keys()].filter(alias => !now.has(alias)),
    replaced: aliasesOf((was, is) => was.client !== is.client),
    limited: aliasesOf(
      ({ config: was }, { config: is }) => was.rate !== is.rate || was.burst !== is.burst,
    ),
    secrets: aliasesOf(({ config: was }, { config: is }) =>
      isOther(was.webhookSecrets(), is.webhookSecrets()),
    ),
  }
}

const isOther = (a: readonly string[], b: readonly string[]): boolean =>
  a.length !== b.length || a.some((secret, index) => secret !== b[index])
