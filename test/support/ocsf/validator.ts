/** OCSF's own validator, where it lies beside the project. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { OcsfVersion } from '../../../src/ocsf/ocsf.ts'

const inShared = (path: string): string =>
  fileURLToPath(new URL(`../../../../shared/ocsf/${path}`, import.meta.url))

const validator = inShared('validate.mjs')
const schemaOf = (version: OcsfVersion): string => inShared(`compiled/ocsf-${version}.json`)

export const hasValidator = existsSync(validator)
if (!hasValidator)
  console.info('OCSF’s own validator is not beside the project: only the check in the project ran.')

const sample = inShared('official/authentication.sample.json')
const answer = inShared('official/authentication.server-answer.json')

export const hasOfficial = hasValidator && existsSync(sample) && existsSync(answer)
if (!hasOfficial)
  console.info(
    'The official server’s answer is not beside the project: the validator is not held against it.',
  )

/** An event that the official server made up, and what that server says of it. */
export const official = (): {
  readonly sample: object
  readonly answer: {
    readonly errors: readonly { readonly error: string; readonly attribute_path: string }[]
  }
} => ({
  sample: JSON.parse(readFileSync(sample, 'utf8')) as object,
  answer: JSON.parse(readFileSync(answer, 'utf8')) as ReturnType<typeof official>['answer'],
})

/** The errors that the validator finds, as code and path, where it is as lenient as the official server. */
export const validateLeniently = (
  version: OcsfVersion,
  event: object,
): { readonly errors: readonly string[] } => {
  const { stdout } = spawnSync(process.execPath, [validator, schemaOf(version), '--lenient'], {
    input: JSON.stringify(event),
    encoding: 'utf8',
  })
  return {
    errors: [...stdout.matchAll(/^ {2}error (\w+) (\S+):/gm)].map(
      ([, code, path]) => `${String(code)} ${String(path)}`,
    ),
  }
}

/** What the validator says of the events, one a line, where it says anything. */
export const validate = (version: OcsfVersion, events: readonly object[]): string => {
  const input = events.map(event => `${JSON.stringify(event)}\n`).join('')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [validator, schemaOf(version), '--strict'],
    { input, encoding: 'utf8', maxBuffer: 1e9 },
  )
  if (status === 0) return ''
  return `${stderr}${stdout
    .split('\n')
    .filter(line => !line.startsWith('ok'))
    .slice(0, 20)
    .join('\n')}`
}
