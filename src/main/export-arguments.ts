/** What `pushgraph export` is asked for, read from its options: everything that is wrong with them at once. */
import { nearest } from '../config/nearest.ts'
import { BadInputError } from '../errors.ts'
import { type Compression, compressionNames } from '../export/compression.ts'
import type { TimeRange } from '../export/collection-part.ts'
import { type Format, formatNames } from '../export/format.ts'
import { exportTypes, type ExportType } from '../export/part.ts'
import { durationSeconds } from '../filter/duration.ts'
import { readDateTime } from '../graphql/schema/date-time.ts'
import { collectionNames } from '../model/collections.ts'
import type { CollectionName } from '../model/rows.ts'
import { type OcsfVersion, ocsfVersions } from '../ocsf/ocsf.ts'
import { CommandError } from './terminal.ts'

/** The options as they were written. */
export interface ExportOptions {
  readonly ocsf?: string
  readonly types?: string
  readonly since?: string
  readonly until?: string
  readonly connectors?: string
  readonly out: string
  readonly format: string
  readonly compress?: string
  readonly patience: string
  readonly restart: boolean
  readonly changes?: boolean
  readonly every?: string
  readonly cursor?: string
}

export interface ExportArguments {
  readonly ocsf: OcsfVersion | undefined
  readonly types: readonly ExportType[]
  /** The lists of which changes are written instead of the objects; undefined where objects are. */
  readonly changes: readonly CollectionName[] | undefined
  /** Milliseconds between two rounds of an export that goes on and on; undefined where there is one. */
  readonly everyMs: number | undefined
  readonly connectors: readonly string[]
  readonly format: Format
  /** Of text; Parquet is compressed in any case. */
  readonly compression: Compression | undefined
  readonly since: ExportMoment | undefined
  readonly until: ExportMoment | undefined
  /** Milliseconds for which nothing may work before the export gives up. */
  readonly retryForMs: number
}

/** UNIX seconds, or as many before the export began. */
export type ExportMoment = { readonly at: number } | { readonly ago: number }

/** @throws {CommandError} with every option that cannot be used */
export const readExportArguments = (
  options: ExportOptions,
  aliases: readonly string[],
): ExportArguments => {
  const problems: string[] = []
  const tell = <Value>(option: string, read: () => Value): Value | undefined => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error
      problems.push(`--${option} ${error.message}`)
      return undefined
    }
  }
  const given = <Value>(
    option: 'ocsf' | 'types' | 'since' | 'until' | 'connectors' | 'every' | 'compress',
    read: (text: string) => Value,
  ): Value | undefined => {
    const text = options[option]
    return text === undefined ? undefined : tell(option, () => read(text))
  }

  const isOfChanges = options.changes === true
  const found: ExportArguments = {
    ocsf: given('ocsf', text => wordOf(text, ocsfVersions)),
    types:
      (isOfChanges ? undefined : given('types', text => listOf(text, exportTypes))) ?? exportTypes,
    changes: isOfChanges
      ? (given('types', text => listOf(text, collectionNames)) ?? collectionNames)
      : undefined,
    everyMs: given('every', readPeriod),
    connectors: given('connectors', text => listOf(text, aliases)) ?? aliases,
    format: tell('format', () => wordOf(options.format, formatNames)) ?? 'ndjson',
    compression: given('compress', text => wordOf(text, compressionNames)),
    since: options.since === LAST ? undefined : given('since', readMoment),
    until: given('until', readMoment),
    retryForMs: (tell('patience', () => readDuration(options.patience)) ?? 0) * 1_000,
  }
  problems.push(...misfits(options))
  if (options.out === '')
    problems.push('--out must be the name of a file, or - for standard output')
  if (problems.length > 0)
    throw new CommandError(
      `The export cannot be made as it was asked for:\n${problems.map(problem => `  - ${problem}`).join('\n')}`,
      2,
    )
  return found
}

/** What stands in the place of a moment: where the last export ended. */
const LAST = 'last'

/** Whether it adds to what earlier rounds wrote, and a file keeps how far those came. */
export const goesOn = ({ since, every }: ExportOptions): boolean =>
  since === LAST || every !== undefined

/** Options that make no sense together, each with the way out. */
const misfits = (options: ExportOptions): readonly string[] => {
  const { changes = false, since, until, cursor, ocsf, compress, out } = options
  const format = options.format.toLowerCase()
  const isFollowing = goesOn(options)
  const found: readonly (readonly [boolean, string])[] = [
    [
      isFollowing && !changes && out === '-',
      `--${since === LAST ? 'since last' : 'every'} adds files to a folder in each round: give --out FOLDER, or --changes`,
    ],
    [
      cursor !== undefined && !(isFollowing && changes),
      '--cursor keeps where --changes --since last goes on: ask for that, or leave it out',
    ],
    [cursor === '', '--cursor must be the name of a file'],
    [
      changes && ocsf !== undefined,
      '--ocsf has no event for what changed in a row: leave it out, or give --types events without --changes for what Push itself told of changes',
    ],
    [isFollowing && until !== undefined, '--until ends what goes on up to now: leave it out'],
    [
      isFollowing && changes && format === 'json',
      '--format json is one array, to which nothing can be added: leave it out',
    ],
    [
      isFollowing && changes && format === 'parquet',
      '--format parquet has files to which nothing can be added: leave it out, or leave out --since last and --every',
    ],
    [
      isFollowing && changes && compress !== undefined,
      '--compress packs what is not added to: leave it out',
    ],
    [
      format === 'parquet' && out === '-',
      '--format parquet writes a folder of files: give --out FOLDER',
    ],
    [
      format === 'parquet' && compress !== undefined,
      '--compress is for text: files of Parquet are compressed by zstd in any case',
    ],
    [
      since === LAST && changes && out === '-' && cursor === undefined,
      '--since last must keep how far it came: give --out FILE, or --cursor FILE where the lines go to standard output',
    ],
  ]
  return found.flatMap(([isWrong, problem]) => (isWrong ? [problem] : []))
}

/** Milliseconds. */
const readPeriod = (text: string): number => {
  const seconds = readDuration(text)
  if (seconds < 1) throw new BadInputError('must be a second or more')
  return seconds * 1_000
}

/**
 * The range that is meant by an export that began then (milliseconds).
 *
 * @throws {CommandError} when nothing can be in it
 */
export const rangeOf = ({ since, until }: ExportArguments, beganAt: number): TimeRange => {
  const range = {
    since: since && unixSecondsOf(since, beganAt),
    until: until && unixSecondsOf(until, beganAt),
  }
  if (range.since !== undefined && range.since > beganAt / 1_000)
    throw new CommandError('--since must not be in the future.', 2)
  if (range.since !== undefined && range.until !== undefined && range.since >= range.until)
    throw new CommandError('--since must be earlier than --until.', 2)
  return range
}

/** UNIX seconds, for somebody to whom it is that time (milliseconds). */
export const unixSecondsOf = (moment: ExportMoment, now: number): number =>
  'at' in moment ? moment.at : now / 1_000 - moment.ago

/** A day, a date-time, or how long ago. @throws {BadInputError} */
export const readMoment = (text: string): ExportMoment => {
  if (/^\d{4}-/.test(text)) return { at: readDateTime(text) }
  try {
    return { ago: readDuration(text) }
  } catch {
    throw new BadInputError(
      'must be so long ago, such as 7d, 12h or P7D, or a moment such as 2024-05-01 or 2024-05-01T12:00:00Z',
    )
  }
}

/** Seconds. */
const readDuration = (text: string): number => {
  try {
    return durationSeconds(text, '')
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error
    throw new BadInputError('must be a length of time, such as 90s, 5m or PT5M')
  }
}

/** The words of a list, each once, in the order of what there is. */
const listOf = <Word extends string>(text: string, words: readonly Word[]): readonly Word[] => {
  const wanted = new Set(text.split(',').map(word => wordOf(word.trim(), words)))
  return words.filter(word => wanted.has(word))
}

const wordOf = <Word extends string>(text: string, words: readonly Word[]): Word => {
  const found = words.find(word => word.toLowerCase() === text.toLowerCase())
  if (found !== undefined) return found
  const meant = nearest(text, words)
  const hint = meant === undefined ? '' : ` (is ${meant} meant?)`
  throw new BadInputError(`knows ${words.join(', ')}, not ${JSON.stringify(text)}${hint}`)
}
