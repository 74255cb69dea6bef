/** In what an export is written, and how lines become a file. */

export const formatNames = ['ndjson', 'json', 'parquet'] as const

export type Format = (typeof formatNames)[number]

/** Those of one file of text. */
export type TextFormat = Exclude<Format, 'parquet'>

export const formats: {
  readonly [Name in TextFormat]: {
    /** The text of one object behind `rows` others. */
    readonly line: (json: string, rows: number) => string
    /** What ends a file of so many objects. */
    readonly end: (rows: number) => string
  }
} = {
  // An object on each line.
  ndjson: { line: json => `${json}\n`, end: () => '' },
  // One array, an object on each line.
  json: {
    line: (json, rows) => (rows === 0 ? `[\n${json}` : `,\n${json}`),
    end: rows => (rows === 0 ? '[]\n' : '\n]\n'),
  },
}
