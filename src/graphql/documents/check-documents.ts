/** Checks the documents that an operator lists against the schema, all of them at once. */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoUnusedFragmentsRule,
  specifiedRules,
  validate,
} from 'graphql'
import { BadInputError } from '../../errors.ts'
import type { DocumentSources } from '../../model/documents.ts'
import { Work } from '../../work/work.ts'
import type { ReadText } from '../analysis/document-size.ts'
import { ownRules, validationOptions } from '../analysis/validation.ts'
import { folderDocuments, parseText, saysOf } from './folder-documents.ts'
import type { WrittenDocument } from './written-document.ts'

export interface CheckedDocuments {
  /** All that were listed, those with problems too. */
  readonly documents: readonly WrittenDocument[]
  /** Each with its file and line. */
  readonly problems: readonly string[]
}

export type CheckDocuments = (sources: DocumentSources) => CheckedDocuments

export interface CheckOptions {
  readonly schema: GraphQLSchema
  readonly introspection: boolean
  readonly readText: ReadText
}

/** Where to look, and what for. */
interface Finding {
  readonly at: string
  readonly message: string
}

/** What fitted the last time is not looked at again. */
export const createCheckDocuments = (options: CheckOptions): CheckDocuments => {
  const { schema } = options
  const rules = [...specifiedRules, ...ownRules(options)]
  // Fragments stand in files of their own for others to use.
  const rulesOfFiles = rules.filter(rule => rule !== NoUnusedFragmentsRule)
  let fitted: ReadonlySet<string> = new Set()

  const checkFolder = (
    sources: Extract<DocumentSources, { kind: 'folder' }>,
    fits: Set<string>,
  ): readonly [readonly WrittenDocument[], readonly Finding[]] => {
    const { written, wholes, errors } = folderDocuments(sources.files)
    const findings = errors.map(error => findingOf(error))
    for (const whole of wholes) {
      const key = whole.definitions.map(({ loc }) => bodyOf(loc)).join('\n')
      const mistakes = fitted.has(key)
        ? []
        : validate(schema, whole, rulesOfFiles, validationOptions)
      if (mistakes.length === 0) fits.add(key)
      findings.push(...mistakes.map(error => findingOf(error)))
    }
    return [written, [...findings, ...written.flatMap(one => sizeFindings(one, options.readText))]]
  }

  const checkManifest = (
    { path, entries }: Extract<DocumentSources, { kind: 'manifest' }>,
    fits: Set<string>,
  ): readonly [readonly WrittenDocument[], readonly Finding[]] => {
    const findings: Finding[] = []
    const documents = entries.map(({ id, text, line }): WrittenDocument => {
      const at = `${path}:${line}`
      const document = parseText(text, path)
      const mistakes =
        document instanceof GraphQLError
          ? [document]
          : fitted.has(text)
            ? []
            : validate(schema, document, rules, validationOptions)
      if (mistakes.length === 0) fits.add(text)
      findings.push(...mistakes.map(error => inEntry(error, at, id)))
      const written = { ids: [id], text, at, says: namesOf(document) }
      findings.push(...sizeFindings(written, options.readText))
      return written
    })
    return [documents, findings]
  }

  return sources => {
    const fits = new Set<string>()
    const [documents, findings] =
      sources.kind === 'folder' ? checkFolder(sources, fits) : checkManifest(sources, fits)
    fitted = fits
    // What several files use is looked at with each of them.
    const problems = new Set(findings.map(({ at, message }) => `${at}: ${message}`))
    return { documents, problems: [...problems] }
  }
}

const bodyOf = (loc: DocumentNode['loc']): string =>
  loc === undefined ? '' : loc.source.body.slice(loc.start, loc.end)

const findingOf = (error: GraphQLError): Finding => ({
  at: `${error.source?.name ?? ''}:${error.locations?.[0]?.line ?? 1}`,
  message: error.message,
})

/** The text of an entry is one line of its file as a rule, and has lines of its own. */
const inEntry = ({ message, locations }: GraphQLError, at: string, id: string): Finding => {
  const line = locations?.[0]?.line ?? 1
  return { at, message: `${id}${line === 1 ? '' : `, line ${line} of its text`}: ${message}` }
}

const namesOf = (document: DocumentNode | GraphQLError): string =>
  document instanceof GraphQLError
    ? 'no GraphQL'
    : document.definitions
        .flatMap(one => (one.kind === Kind.OPERATION_DEFINITION ? [saysOf(one)] : []))
        .join(', ')

/** What nobody could ask for, since it goes beyond what a document may have. */
const sizeFindings = ({ text, at }: WrittenDocument, readText: ReadText): readonly Finding[] => {
  const reading = readText(text, new Work())
  try {
    while (reading.next().done !== true);
    return []
  } catch (error) {
    if (error instanceof BadInputError) return [{ at, message: error.message }]
    throw error
  }
}
