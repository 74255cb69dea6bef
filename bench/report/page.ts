/** The newest figures as files: `bench/results.json`, and `docs/performance.md` with its charts. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { toSvg } from './chart.ts'
import type { Section } from './section.ts'
import { toMarkdown } from './table.ts'

const results = new URL('../results.json', import.meta.url)
const page = new URL('../../docs/performance.md', import.meta.url)
const charts = new URL('../../docs/performance/', import.meta.url)

/** A part as it is kept: when it was measured, and all that the page says of it. */
interface Kept extends Omit<Section, 'charts'> {
  readonly measuredAt: string
  /** The machine's load average before: what others did at the time. */
  readonly load: number
  readonly chartNames: readonly (readonly [name: string, title: string])[]
}

interface Results {
  readonly machine: Readonly<Record<string, string | number>>
  readonly parts: Readonly<Record<string, Kept>>
}

/**
 * Puts the parts measured now in place of their older figures, and writes the page anew from all. Only what the same
 * kind of machine measured stays. `load`: the load average when the bench began.
 */
export const keep = async (
  measured: Readonly<Record<string, Section>>,
  load: number,
): Promise<void> => {
  const machine = describeMachine()
  const older = readResults()
  const same = JSON.stringify(older?.machine) === JSON.stringify(machine)
  const measuredAt = new Date().toISOString().slice(0, 10)
  mkdirSync(charts, { recursive: true })
  const parts = { ...(same ? older?.parts : {}) }
  for (const [name, { charts: drawn, ...section }] of Object.entries(measured)) {
    for (const chart of drawn) writeFileSync(new URL(`${chart.name}.svg`, charts), toSvg(chart))
    parts[name] = {
      measuredAt,
      load,
      ...section,
      chartNames: drawn.map(chart => [chart.name, chart.title] as const),
    }
  }
  await write(results, JSON.stringify({ machine, parts }))
  await write(page, toPage({ machine, parts }))
}

/** As the house formats its files. */
const write = async (file: URL, text: string): Promise<void> => {
  const filepath = fileURLToPath(file)
  const style = await resolveConfig(filepath)
  writeFileSync(file, await format(text, { ...style, filepath }))
}

const readResults = (): Results | undefined => {
  try {
    return JSON.parse(readFileSync(results, 'utf8')) as Results
  } catch {
    return undefined
  }
}

const describeMachine = () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
})

/** The page as Markdown. Parts of one group stand together, where the first of them does. */
export const toPage = ({ machine, parts }: Results): string =>
  `${[
    '# How fast it is',
    'Written by `npm run bench`, which starts everything it measures: a stand-in for Push with its limit, the server as',
    'its users start it, and what it is compared with.',
    `Machine: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB; Node ${machine.node}.`,
    ...Object.values(parts).flatMap((part, _, all) => {
      const { group } = part
      if (group === undefined) return [`\n## ${part.title}\n`, ...toLines(part)]
      const together = all.filter(other => other.group?.title === group.title)
      if (together[0] !== part) return []
      return [
        `\n## ${group.title}\n`,
        group.method,
        ...together.flatMap(each => [`\n### ${each.title}\n`, ...toLines(each)]),
      ]
    }),
  ].join('\n')}\n`

const toLines = (part: Kept): readonly string[] => [
  part.method,
  ...part.tables.map(table => `\n**${table.title}**\n\n${toMarkdown(table)}`),
  ...part.chartNames.map(([name, title]) => `\n![${title}](performance/${name}.svg)`),
  `\nMeasured on ${part.measuredAt}, with a load of ${part.load.toFixed(1)} by others at the start.${part.missed.length === 0 ? ' No promise was missed.' : ' Not yet as promised:'}`,
  ...(part.missed.length === 0 ? [] : ['', ...part.missed.map(sentence => `- ${sentence}`)]),
]
