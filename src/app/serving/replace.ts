/** What takes the place of what is served when the settings are read again. */
import type { ConnectorConfig } from '../../config/connectors.ts'
import { ConfigError } from '../../errors.ts'
import type { Authentication } from '../../http/callers/authentication.ts'
import type { DocumentTerms } from '../../http/documents/document-gate.ts'
import type { AuthSettings, TokenEntry } from '../../model/callers.ts'
import type { DocumentSettings } from '../../model/documents.ts'
import type { SinkSettings } from '../../model/sinks/sink.ts'
import type { SinkChanges } from '../../sinks/sinks.ts'
import type { ConnectorChanges } from '../connector-changes.ts'
import type { ReadDocumentTerms } from '../documents.ts'
import type { Changes, RotationOptions } from '../rotation.ts'

export interface Replaceable {
  /** Undefined where the demo tenant is served, which has no settings of its own. */
  readonly connectors: ((next: readonly ConnectorConfig[]) => ConnectorChanges) | undefined
  readonly sinks: (next: readonly SinkSettings[]) => SinkChanges
  /** Undefined where nobody is asked who it is. */
  readonly authentication: Pick<Authentication, 'replace'> | undefined
  /** What holds at first. */
  readonly auth: AuthSettings | undefined
  readonly documents: {
    /** @throws {ConfigError} where they do not fit the schema */
    readonly read: ReadDocumentTerms
    readonly replace: (terms: DocumentTerms) => void
    /** What holds at first. */
    readonly settings: DocumentSettings
  }
}

/** Puts connectors, sinks, callers and documents in place of those before, all or none. */
export const replaceBy = ({
  connectors,
  sinks,
  authentication,
  auth,
  documents,
}: Replaceable): RotationOptions['replace'] => {
  let before = auth?.tokens ?? []
  let listedBefore = JSON.stringify(documents.settings)
  return next => {
    // The schema was made for the one or the other, and nobody should be let in by mistake.
    if ((next.auth === undefined) !== (authentication === undefined))
      throw new ConfigError(['Whether PUSHGRAPH_AUTH is none can be changed by a restart alone'])
    if (connectors !== undefined && next.connectors.length === 0) throw new ConfigError([NONE_LEFT])
    const listed = JSON.stringify(next.documents)
    const terms = listed === listedBefore ? undefined : documents.read(next.documents)
    const changed = connectors?.(next.connectors) ?? {}
    if (next.auth !== undefined) authentication?.replace(next.auth)
    const tokens = next.auth?.tokens ?? []
    const changes = {
      ...changed,
      ...sinks(next.sinks),
      ...tokenChanges(before, tokens),
      documents: terms === undefined ? [] : [saysOfTerms(terms)],
    }
    if (terms !== undefined) documents.replace(terms)
    before = tokens
    listedBefore = listed
    return changes
  }
}

const saysOfTerms = ({ mode, listed }: DocumentTerms): string => `${listed?.size ?? 0} (${mode})`

const NONE_LEFT = 'No connector is left; the demo tenant is served by a server that begins so'

/** By name. */
const tokenChanges = (
  before: readonly TokenEntry[],
  now: readonly TokenEntry[],
): Pick<Changes, 'newTokens' | 'goneTokens' | 'otherTokens'> => {
  const texts = (entries: readonly TokenEntry[]): ReadonlyMap<string, string> =>
    new Map(entries.map(entry => [entry.name, JSON.stringify(entry)]))
  const [were, are] = [texts(before), texts(now)]
  const names = [...are.keys()]
  return {
    newTokens: names.filter(name => !were.has(name)),
    goneTokens: [...were.keys()].filter(name => !are.has(name)),
    otherTokens: names.filter(name => were.has(name) && were.get(name) !== are.get(name)),
  }
}
