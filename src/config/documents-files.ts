/** What PUSHGRAPH_DOCUMENTS names: a folder of .graphql files, or a manifest as Apollo, Relay or Hive write it. */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { z } from 'zod'
import type { DocumentFile, DocumentSources, ManifestEntry } from '../model/documents.ts'
import { errorCode } from './key.ts'
import { issueSentence, readStructured } from './structured-file.ts'

export interface ReadDocuments {
  /** Undefined where they cannot be read. */
  readonly sources: DocumentSources | undefined
  /** The files and folders that they stand in, as absolute paths. */
  readonly files: readonly string[]
  /** With file and line, where there are any. */
  readonly problems: readonly string[]
}

/** More than any app has; each is looked at for changes. */
const MAX_DOCUMENTS = 10_000
/** Bytes of one file. */
const MAX_FILE = 1_048_576
/** Bytes of a manifest, which holds them all. */
const MAX_MANIFEST = 33_554_432

/** Reads the folder or manifest at that absolute path; paths are told as seen from `directory`. */
export const readDocuments = (path: string, directory: string): ReadDocuments => {
  const told = toldFrom(directory, path)
  try {
    return statSync(path).isDirectory()
      ? readFolder(path, directory)
      : { ...readManifest(path, told), files: [path] }
  } catch (cause) {
    const problem = `${told} cannot be read (${errorCode(cause)})`
    return { sources: undefined, files: [path], problems: [problem] }
  }
}

const toldFrom = (directory: string, path: string): string => {
  const short = relative(directory, path)
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short
}

const readFolder = (path: string, directory: string): ReadDocuments => {
  const found: Found = { files: [], folders: [] }
  collect(path, found, new Set())
  const problems: string[] = []
  const told = toldFrom(directory, path)
  if (found.files.length === 0) problems.push(`${told} has no .graphql file`)
  if (found.files.length > MAX_DOCUMENTS)
    problems.push(`${told} has more than the ${MAX_DOCUMENTS} files that may be listed`)
  const files = found.files.slice(0, MAX_DOCUMENTS).flatMap((file): DocumentFile[] => {
    const name = toldFrom(directory, file)
    try {
      const { size } = statSync(file)
      if (size <= MAX_FILE) return [{ path: name, text: readFileSync(file, 'utf8') }]
      problems.push(`${name} has more than the ${MAX_FILE} bytes that a file of documents may have`)
    } catch (cause) {
      problems.push(`${name} cannot be read (${errorCode(cause)})`)
    }
    return []
  })
  return {
    sources: { kind: 'folder', path: told, files },
    files: [...found.folders, ...found.files],
    problems,
  }
}

interface Found {
  readonly files: string[]
  readonly folders: string[]
}

/**
 * All .graphql and .gql files within, in the order of their names. What begins with a dot is left out: where Kubernetes
 * mounts a folder, all of it is there a second time.
 */
const collect = (folder: string, found: Found, entered: Set<string>): void => {
  const real = realpathSync(folder)
  if (entered.has(real)) return
  entered.add(real)
  found.folders.push(folder)
  for (const name of readdirSync(folder).sort()) {
    if (name.startsWith('.') || name === 'node_modules') continue
    const path = join(folder, name)
    // A link that leads nowhere is told where it should have been read.
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats?.isDirectory() === true) collect(path, found, entered)
    else if (/\.(graphql|gql)$/i.test(name)) found.files.push(path)
  }
}

const readManifest = (path: string, told: string): Omit<ReadDocuments, 'files'> => {
  const failed = (...problems: readonly string[]) => ({ sources: undefined, problems })
  if (statSync(path).size > MAX_MANIFEST)
    return failed(`${told} has more than the ${MAX_MANIFEST} bytes that a manifest may have`)
  const content = readFileSync(path, 'utf8')
  const read = readJson(path, content)
  if ('problem' in read) return failed(read.problem.replace(path, told))
  const parsed = manifest(read.stated).safeParse(read.stated)
  if (!parsed.success)
    return failed(...parsed.error.issues.map(issue => `${told}: ${issueSentence(issue, WHOLE)}`))
  const listed = parsed.data
  if (listed.length === 0) return failed(`${told} lists no document`)
  if (listed.length > MAX_DOCUMENTS)
    return failed(`${told} has more than the ${MAX_DOCUMENTS} documents that may be listed`)
  const lineOf = createLineOf(content)
  const entries = listed.map(([id, text]): ManifestEntry => ({ id, text, line: lineOf(id) }))
  const problems = takenTwice(entries).map(
    ({ id, line }) => `${told}:${line}: the id ${id} is that of another document already`,
  )
  return { sources: { kind: 'manifest', path: told, entries }, problems }
}

/** As JSON, which is read far faster than what else it may be; where it is none, the reader of both says where. */
const readJson = (path: string, content: string): ReturnType<typeof readStructured> => {
  try {
    return { stated: JSON.parse(content) as unknown }
  } catch {
    return readStructured(path)
  }
}

type Entry = readonly [id: string, text: string]

const APOLLO = 'apollo-persisted-query-manifest'

const id = z.string().min(1, 'must not be empty').max(1_000, 'must have at most 1,000 letters')

const apollo = z
  .object({
    format: z.literal(APOLLO, { error: `must be ${APOLLO}` }),
    version: z.literal(1, { error: 'must be 1' }),
    operations: z.array(z.object({ id, body: z.string() })),
  })
  .transform(({ operations }) => operations.map(({ id: of, body }): Entry => [of, body]))

/** Of Relay's compiler, Hive's command line, and the client preset of GraphQL Code Generator. */
const hashes = z
  .record(z.string(), z.string())
  .refine(documents => Object.keys(documents).every(key => id.safeParse(key).success), {
    error: 'must have ids of 1 to 1,000 letters',
  })
  .transform(documents => Object.entries(documents).map((entry): Entry => entry))

const manifest = (stated: unknown): z.ZodType<readonly Entry[]> =>
  typeof stated === 'object' && stated !== null && ('operations' in stated || 'format' in stated)
    ? apollo
    : hashes

const WHOLE =
  'a manifest of documents: an object of ids with their texts, or what Apollo’s generate-persisted-query-manifest writes'

/** Where an id stands in the text; they come in their order, as a rule. */
const createLineOf = (content: string): ((text: string) => number) => {
  let at = 0
  let line = 1
  return text => {
    const quoted = JSON.stringify(text)
    let found = content.indexOf(quoted, at)
    if (found < 0) {
      found = content.indexOf(quoted)
      if (found < 0) return line
      at = 0
      line = 1
    }
    for (; at < found; at += 1) if (content.charCodeAt(at) === NEWLINE) line += 1
    at += 1
    return line
  }
}

const NEWLINE = 10

const takenTwice = (entries: readonly ManifestEntry[]): readonly ManifestEntry[] => {
  const texts = new Map<string, string>()
  return entries.filter(({ id: of, text }) => {
    const before = texts.get(of)
    texts.set(of, text)
    return before !== undefined && before !== text
  })
}
