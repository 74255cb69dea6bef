import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRotation } from '../../src/app/rotation.ts'
import { readConfig } from '../../src/config/config.ts'
import { directoryForTest } from '../support/directory.ts'

const file = (secrets: string, more = ''): string => `connectors:
  - { alias: acme, apiKey: first-s3cr3t, url: 'http://127.0.0.1:9/v1', webhookSecrets: [${secrets}]${more} }
`

/** Connectors of a file, and the lines of the log. */
const rotationForTest = () => {
  const directory = directoryForTest()
  const path = join(directory, 'connectors.yaml')
  const write = (content: string): void => {
    writeFileSync(path, content)
  }
  write(file('psws_a'))
  const read = () => readConfig({ PUSHGRAPH_CONFIG: path }, directory)
  const lines: string[] = []
  const say = (level: string) => (message: unknown) => lines.push(`${level} ${String(message)}`)
  const log = { info: say('info'), warn: say('warn'), error: say('error') } as never
  const { connectors, files } = read()
  const rotation = createRotation({ connectors, readAgain: read, files, log })
  onTestFinished(rotation.end)
  const [acme] = rotation.connectors
  if (acme === undefined) throw new Error('no connector')
  return { write, rotation, acme, lines }
}

describe('settings that are read again', () => {
  it('bring new webhook secrets and keys at once', async () => {
    const { write, rotation, acme, lines } = rotationForTest()
    const { webhookSecrets } = acme
    write(file('psws_a, psws_b').replace('first-s3cr3t', 'second-s3cr3t'))
    expect(webhookSecrets()).toEqual(['psws_a'])
    rotation.reload()
    expect(webhookSecrets()).toEqual(['psws_a', 'psws_b'])
    expect(await acme.key()).toBe('second-s3cr3t')
    rotation.reload()
    expect(lines).toEqual([
      'info The settings were read again; the webhook secrets changed of acme',
      'info The settings were read again; the webhook secrets are what they were',
    ])
  })

  it.each([
    ['no YAML', 'connectors: ['],
    ['empty', ''],
    ['without a key', 'connectors: [{ alias: acme }]'],
    ['with a secret that is none', file('[psws_a]')],
    ['with a secret that YAML takes for an alias', file('*psws_alias')],
  ])(
    'stay as they were where the file is %s, and the log says why without a value',
    (_, content) => {
      const { write, rotation, acme, lines } = rotationForTest()
      write(content)
      rotation.reload()
      expect(acme.webhookSecrets()).toEqual(['psws_a'])
      expect(lines).toEqual([
        expect.stringMatching(/^error .* the ones before stay\..*PUSHGRAPH_CONFIG/s),
      ])
      expect(lines.join()).not.toMatch(/psws_|s3cr3t/)
    },
  )

  it('keep the key of the address that is still asked', async () => {
    const { write, rotation, acme } = rotationForTest()
    write(file('psws_a').replace('first-s3cr3t', 'second-s3cr3t').replace(':9/v1', ':10/v1'))
    rotation.reload()
    expect(await acme.key()).toBe('first-s3cr3t')
  })

  it('stay where the reading itself fails, which is not quoted', () => {
    const lines: string[] = []
    const say = (message: unknown) => lines.push(String(message))
    const rotation = createRotation({
      connectors: [],
      readAgain: () => {
        throw new TypeError('s3cr3t')
      },
      files: [],
      log: { info: say, warn: say, error: say } as never,
    })
    rotation.reload()
    expect(lines).toEqual([
      'The settings were read again and cannot be used; the ones before stay. (TypeError)',
    ])
  })

  it('say what takes effect at the next start alone', () => {
    const { write, rotation, acme, lines } = rotationForTest()
    write(file('psws_b', ', rate: 5') + '  - { alias: globex, apiKey: k }\n')
    rotation.reload()
    expect(acme.webhookSecrets()).toEqual(['psws_b'])
    expect(lines.at(-1)).toMatch(
      /^warn What else changed of connector acme, globex .* started again/,
    )
  })
})
