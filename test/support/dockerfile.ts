/** The Dockerfile as data. */
import { readFileSync } from 'node:fs'

export interface Instruction {
  /** In capitals, such as `COPY`. */
  readonly name: string
  /** All that stands behind it, on one line. */
  readonly value: string
}

/** The instructions of each stage in their order; comments are left out. */
export const readStages = (file: URL): readonly (readonly Instruction[])[] => {
  const stages: Instruction[][] = []
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\s*\\\n\s*/g, ' ')
  for (const line of lines.split('\n')) {
    const [name = '', ...words] = line.trim().split(' ')
    const instruction = { name: name.toUpperCase(), value: words.join(' ') }
    if (instruction.name === 'FROM') stages.push([])
    stages.at(-1)?.push(instruction)
  }
  return stages
}

/** The values of all instructions of that name. */
export const valuesOf = (stage: readonly Instruction[], name: string): readonly string[] =>
  stage.filter(instruction => instruction.name === name).map(({ value }) => value)

/** The arguments of an instruction in the form that starts no shell. @throws {SyntaxError} where it has another form */
export const execForm = (value: string): readonly string[] =>
  JSON.parse(value.slice(Math.max(0, value.indexOf('[')))) as readonly string[]

/** What `ENV` sets. */
export const environmentOf = (stage: readonly Instruction[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    valuesOf(stage, 'ENV').flatMap(value =>
      value.split(' ').map(pair => pair.split('=', 2) as [string, string]),
    ),
  )
