/** OCSF's own validator, where it lies beside the project. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { OcsfVersion } from '../../../src/ocsf/ocsf.ts'

const validator = fileURLToPath(new URL('../../../../shared/ocsf/validate.mjs', import.meta.url))
const schemaOf = (version: OcsfVersion): string =>
  fileURLToPath(new URL(`../../../../shared/ocsf/compiled/ocsf-${version}.json`, import.meta.url))

export const hasValidator = existsSync(validator)
if (!hasValidator)
  console.info('OCSF’s own validator is not beside the project: only the check in the project ran.')

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
