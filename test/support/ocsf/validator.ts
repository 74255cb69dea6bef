/** OCSF's own validator, where it lies beside the project. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
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

/**
 * What the validator says of the events: for each a line that begins with `ok` or `FAIL`, and an indented one for each flaw.
 * Of many events the last lines may be missing; whether any has a flaw is known all the same.
 *
 * @throws where it did not look at them
 */
const askValidator = (
  version: OcsfVersion,
  mode: '--strict' | '--lenient',
  events: readonly object[],
): { readonly isValid: boolean; readonly said: string } => {
  // A program that is started by another name than its own does nothing.
  const args = [realpathSync(validator), schemaOf(version), mode]
  const input = events.map(event => `${JSON.stringify(event)}\n`).join('')
  const asked = spawnSync(process.execPath, args, { input, encoding: 'utf8', maxBuffer: 1e9 })
  const { status, signal, stdout, stderr, error } = asked
  if (error !== undefined) throw error
  if ((status !== 0 && status !== 1) || !/^(ok|FAIL) /.test(stdout))
    throw new Error(`The validator looked at no event (${status ?? signal}): ${stderr}`)
  return { isValid: status === 0, said: stdout }
}

/** The errors that the validator finds, as code and path, where it is as lenient as the official server. */
export const validateLeniently = (
  version: OcsfVersion,
  event: object,
): { readonly errors: readonly string[] } => ({
  errors: [
    ...askValidator(version, '--lenient', [event]).said.matchAll(/^ {2}error (\w+) (\S+):/gm),
  ].map(([, code, path]) => `${String(code)} ${String(path)}`),
})

/** What the validator says of the events where it finds something wrong with any. */
export const validate = (version: OcsfVersion, events: readonly object[]): string => {
  const { isValid, said } = askValidator(version, '--strict', events)
  if (isValid) return ''
  const flaws = said.split('\n').filter(line => /^(FAIL| {2})/.test(line))
  return flaws.length === 0 ? 'An event has a flaw.' : flaws.slice(0, 20).join('\n')
}
