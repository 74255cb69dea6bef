/**
 * Which documents may be asked for, and what an id stands for: every way in which an operation is asked for leads
 * through here before anything else is known of it.
 */
import type { IncomingMessage } from 'node:http'
import { BadInputError, GatewayError } from '../../errors.ts'
import { type Documents, hashOfText } from '../../graphql/analysis/documents.ts'
import { isBuiltIn, mayBeBuiltIn } from '../../graphql/documents/built-in.ts'
import { bareId, isHash, ListedDocuments } from '../../graphql/documents/listed-documents.ts'
import type { Tool } from '../../mcp/tools/tool.ts'
import type { DocumentsMode } from '../../model/documents.ts'
import { isMembers } from '../../model/events.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'
import type { Rights } from '../../model/rights.ts'
import type { Work } from '../../work/work.ts'
import { askedIds, type AskedMembers, withText } from './asked-ids.ts'

/** What the operator lists, whether others may be asked for, and what agents are served of it. */
export interface DocumentTerms {
  readonly mode: DocumentsMode
  /** Undefined where nothing is listed. */
  readonly listed: ListedDocuments | undefined
  /** None where absent. */
  readonly tools?: readonly Tool[]
}

export interface DocumentGate {
  /**
   * The same question with the text of its document, where it gives an id; what is no question at all is left for others
   * to refuse. In an address, extensions are the text of an object.
   *
   * @throws {GatewayError} where its document may not be asked for, or nobody knows it
   */
  admit(asked: unknown, inAddress: boolean, by: IncomingMessage): Maybe<unknown>
  /** From now on these hold. */
  replace(terms: DocumentTerms): void
}

export interface DocumentGateOptions {
  readonly terms?: DocumentTerms | undefined
  readonly documents: Documents
  readonly newWork: (caller: string) => Work
  readonly callerOf: (request: IncomingMessage) => string
  /** What the caller may see and do; undefined where nobody is asked who it is. */
  readonly rightsOf: (request: IncomingMessage) => Rights | undefined
  /** Texts of this server's own pages; asked for once they matter. */
  readonly builtIn?: (() => readonly string[]) | undefined
}

export const createDocumentGate = (options: DocumentGateOptions): DocumentGate => {
  const { documents, newWork } = options
  let pages: ListedDocuments | undefined
  let terms: DocumentTerms = options.terms ?? { mode: 'prefer', listed: undefined }

  const isOfPage = (text: string): boolean => {
    pages ??= new ListedDocuments(
      (options.builtIn?.() ?? []).map(each => ({ ids: [], text: each })),
    )
    return pages.has(text)
  }

  const isListed = (text: string): boolean => terms.listed?.has(text) === true || isOfPage(text)

  /** The text that the id stands for; undefined where it stands for none. */
  const textOf = (id: string): string | undefined => {
    const listed = terms.listed?.byId(id)
    if (listed !== undefined || terms.mode !== 'allow') return listed
    return documents.find(bareId(id))?.loc?.source.body
  }

  const found = (id: string): string => {
    const text = textOf(id)
    if (text === undefined) throw notFound(terms.mode)
    return text
  }

  /** Whether the text is what the id stands for. */
  const fits = (id: string, text: string): boolean => {
    if (isHash(id) && bareId(id) === hashOfText(text)) return true
    const listed = textOf(id)
    return listed !== undefined && new ListedDocuments([{ ids: [], text: listed }]).has(text)
  }

  /** @throws {GatewayError} where only listed documents may be asked for, and this is none */
  const checkText = (text: string, by: IncomingMessage): Maybe<void> => {
    if (terms.mode !== 'only' || isListed(text)) return undefined
    if (!mayBeBuiltIn(text)) throw notListed()
    const isNamed = options.rightsOf(by)?.name !== undefined
    return andThen(documents.read(text, newWork(options.callerOf(by))), ({ document }) => {
      if (document === undefined || !isBuiltIn(document, isNamed)) throw notListed()
    })
  }

  const admitIds = (
    asked: AskedMembers,
    ids: readonly string[],
    inAddress: boolean,
    by: IncomingMessage,
  ): Maybe<unknown> => {
    if (terms.listed === undefined && terms.mode !== 'allow') throw notSupported()
    const { query = null } = asked
    // Clients that send no text have to send something over a WebSocket.
    if (query === null || query === '') {
      const [text = '', ...others] = ids.map(found)
      if (others.some(other => other !== text)) throw differs()
      return withText(asked, text, inAddress)
    }
    if (typeof query !== 'string') return withText(asked, query as string, inAddress)
    if (!ids.every(id => fits(id, query))) throw differs()
    return andThen(checkText(query, by), () => withText(asked, query, inAddress))
  }

  return {
    admit: (asked, inAddress, by) => {
      if (!isMembers(asked)) return asked
      const ids = askedIds(asked, inAddress)
      if (ids !== undefined) return admitIds(asked, ids, inAddress, by)
      const { query } = asked
      if (terms.mode !== 'only' || typeof query !== 'string') return asked
      return andThen(checkText(query, by), () => asked)
    },
    replace: next => {
      terms = next
    },
  }
}

/** Apollo's clients know these messages by their letters, so that the way out stands beside them. */
const notFound = (mode: DocumentsMode): GatewayError =>
  new GatewayError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', {
    hint:
      mode === 'only'
        ? 'No listed document has this id: add it to PUSHGRAPH_DOCUMENTS, and see that its hash is that which "pushgraph documents check" prints'
        : 'No document is known by this id: send its text along, or add it to PUSHGRAPH_DOCUMENTS',
  })

const notSupported = (): GatewayError =>
  new GatewayError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported', {
    hint: 'This server lists no documents: send the text alone, or have its operator set PUSHGRAPH_DOCUMENTS, or PUSHGRAPH_DOCUMENTS_MODE=allow',
  })

const notListed = (): GatewayError =>
  new GatewayError(
    'QUERY_NOT_IN_SAFELIST',
    'This server answers the documents that its operator lists, and this is none of them: ask for one of those, by its hash or its text, or have it added to PUSHGRAPH_DOCUMENTS',
  )

const differs = (): BadInputError =>
  new BadInputError(
    'provided sha does not match query: send one document, by its text, its id, or both that belong together',
    'query',
  )
