/** Who may ask what, from moment to moment: the files of tokens and connectors, which are written anew again and again. */
import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../src/demo/tenant/random.ts'
import type { Tenant } from './tenants.ts'

/** What was written is read within a second; on a machine that is busy a little later. */
export const SETTLING_MS = 10_000

export interface Right {
  /** The aliases that the caller sees; empty where it has no valid token. */
  readonly connectors: readonly string[]
  readonly pii: boolean
}

/** What held from that moment on. */
interface Since<Value> {
  readonly from: number
  readonly value: Value
}

/** What was written over time; of what held within the last seconds some may hold still, or not yet. */
export class Timeline<Value> {
  private readonly all: Since<Value>[] = []

  write(value: Value): void {
    const from = performance.now()
    while ((this.all[1]?.from ?? Infinity) < from - 120_000) this.all.shift()
    this.all.push({ from, value })
  }

  /** All that may have held from then until now. */
  since(then: number): Value[] {
    const first = this.all.findLastIndex(({ from }) => from <= then - SETTLING_MS)
    return this.all.slice(Math.max(0, first)).map(({ value }) => value)
  }

  last(): Value | undefined {
    return this.all.at(-1)?.value
  }
}

export const callerNames = ['always', 'moving', 'coming', 'nameless'] as const
export type CallerName = (typeof callerNames)[number]

export interface Rights {
  readonly of: Readonly<Record<CallerName, Timeline<Right>>>
  /** The secrets of a connector's webhook. */
  readonly secrets: ReadonlyMap<string, Timeline<readonly string[]>>
  readonly tokensFile: string
  readonly connectorsFile: string
  /** Gives other rights to those that have no lasting ones. */
  changeRights(random: Random): void
  changeSecrets(random: Random): void
}

export const tokenText = (name: string): string => `soak-token-of-${name}`

export const createRights = (directory: string, tenants: readonly Tenant[]): Rights => {
  const aliases = tenants.map(({ alias }) => alias)
  const of = {
    always: new Timeline<Right>(),
    moving: new Timeline<Right>(),
    coming: new Timeline<Right>(),
    nameless: new Timeline<Right>(),
  }
  const secrets = new Map(aliases.map(alias => [alias, new Timeline<readonly string[]>()]))
  const tokensFile = join(directory, 'tokens.json')
  const connectorsFile = join(directory, 'connectors.json')

  const writeTokens = (rights: Readonly<Record<CallerName, Right>>): void => {
    const entries = callerNames
      .filter(name => rights[name].connectors.length > 0)
      .map(name => ({
        name,
        sha256: createHash('sha256').update(tokenText(name)).digest('hex'),
        scopes: ['read', 'events', 'write', ...(rights[name].pii ? ['pii', 'metrics'] : [])],
        connectors: rights[name].connectors,
      }))
    put(tokensFile, entries)
    for (const name of callerNames) of[name].write(rights[name])
  }

  const writeConnectors = (values: ReadonlyMap<string, readonly string[]>): void => {
    const connectors = tenants.map(({ alias, standIn }) => ({
      alias,
      url: standIn.url,
      apiKey: standIn.keys.full,
      webhookSecrets: values.get(alias),
    }))
    put(connectorsFile, { connectors })
    for (const [alias, value] of values) secrets.get(alias)?.write(value)
  }

  const whole: Right = { connectors: aliases, pii: true }
  writeTokens({ always: whole, moving: whole, coming: whole, nameless: { ...whole, pii: false } })
  writeConnectors(new Map(aliases.map(alias => [alias, ['psws_first']])))
  return {
    of,
    secrets,
    tokensFile,
    connectorsFile,
    changeRights: random => {
      writeTokens({
        always: whole,
        moving: { connectors: random.some(aliases, random.between(1, 2)), pii: true },
        coming: { connectors: random.chance(0.5) ? aliases : [], pii: true },
        nameless: { connectors: aliases, pii: false },
      })
    },
    changeSecrets: random => {
      // The newest beside the one before it, as somebody who replaces a secret has them.
      writeConnectors(
        new Map(
          aliases.map(alias => [
            alias,
            [`psws_${random.uuid()}`, ...(secrets.get(alias)?.last() ?? []).slice(0, 1)],
          ]),
        ),
      )
    },
  }
}

/** In place of the other, at once. */
const put = (path: string, value: unknown): void => {
  writeFileSync(`${path}.new`, JSON.stringify(value))
  renameSync(`${path}.new`, path)
}
