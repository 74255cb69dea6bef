/** Bar charts as SVG files, readable on a light and on a dark page. */

export interface Bar {
  readonly label: string
  readonly value: number
  /** The figure as it is written behind the bar. */
  readonly text: string
  /** Pushgraph's own bars are filled; the others are pale. */
  readonly own: boolean
}

export interface Chart {
  /** The name of the file, without its ending. */
  readonly name: string
  readonly title: string
  readonly bars: readonly Bar[]
  /** A line across all bars, such as a promise. */
  readonly mark?: { readonly value: number; readonly text: string }
}

const WIDTH = 760
const LABELS = 330
const FIGURES = 110
const ROW = 26
const TOP = 44
const BOTTOM = 26

/** The chart as a whole SVG file. */
export const toSvg = ({ title, bars, mark }: Chart): string => {
  const most = Math.max(mark?.value ?? 0, ...bars.map(({ value }) => value))
  const lengthOf = (value: number): number =>
    Math.round((value / (most > 0 ? most : 1)) * (WIDTH - LABELS - FIGURES))
  const height = TOP + bars.length * ROW + BOTTOM
  const rows = bars.map(({ label, value, text, own }, index) => {
    const y = TOP + index * ROW
    return [
      `<text x="${LABELS - 8}" y="${y + 15}" text-anchor="end">${escape(label)}</text>`,
      `<rect class="${own ? 'own' : 'other'}" x="${LABELS}" y="${y + 2}" width="${Math.max(1, lengthOf(value))}" height="${ROW - 8}" rx="2"/>`,
      `<text x="${LABELS + lengthOf(value) + 6}" y="${y + 15}">${escape(text)}</text>`,
    ].join('\n')
  })
  const line =
    mark === undefined
      ? []
      : [
          `<line x1="${LABELS + lengthOf(mark.value)}" x2="${LABELS + lengthOf(mark.value)}" y1="${TOP - 6}" y2="${height - BOTTOM}"/>`,
          `<text x="${LABELS + lengthOf(mark.value)}" y="${height - 8}" text-anchor="middle">${escape(mark.text)}</text>`,
        ]
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escape(title)}">`,
    '<style>text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-size:15px;font-weight:600}.own{fill:#2f6feb}.other{fill:#8c959f}line{stroke:#cf222e;stroke-dasharray:4 3}@media(prefers-color-scheme:dark){text{fill:#c9d1d9}}</style>',
    `<text class="title" x="8" y="22">${escape(title)}</text>`,
    ...rows,
    ...line,
    '</svg>',
  ].join('\n')}\n`
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
