/** Which values each switch can have: changes may come from another process. */
import { faultKinds } from './faults.ts'
import type { Switches } from './switches.ts'

type Rule = (value: unknown) => boolean

const oneOf =
  (...words: readonly unknown[]): Rule =>
  value =>
    words.includes(value)
const number =
  (least: number, most = Infinity): Rule =>
  value =>
    typeof value === 'number' && value >= least && value <= most
const count =
  (least: number): Rule =>
  value =>
    Number.isSafeInteger(value) && (value as number) >= least
const flag: Rule = value => typeof value === 'boolean'
const either =
  (...rules: readonly Rule[]): Rule =>
  value =>
    rules.some(rule => rule(value))
const record =
  (rule: Rule): Rule =>
  value =>
    typeof value === 'object' && value !== null && Object.values(value).every(rule)

const parameterMode = oneOf('honoured', 'ignored', 'widened', 'refused')
const writeMode = oneOf('works', 'ignored', 'refused', 'missing')
const byIdMode = oneOf('works', 'missing', 'forbidden')

const rules: { readonly [Name in keyof Switches]: Rule } = {
  maxPage: count(1),
  abovePage: oneOf('clamp', 'refuse'),
  defaultPage: count(1),
  lastToken: oneOf('null', 'absent', 'present', 'empty-page', 'more-without-token'),
  offset: oneOf('works', 'ignored', 'refused'),
  tokens: oneOf('keyset', 'position', 'none'),
  // With 1 every page would be empty, and no list would end.
  emptyPages: value => count(0)(value) && value !== 1,
  shortPages: flag,
  order: oneOf('stable', 'shuffled-per-scan'),
  parameters: either(parameterMode, record(either(parameterMode, record(parameterMode)))),
  unknownParameters: oneOf('ignored', 'refused'),
  bounds: oneOf('exclusive', 'inclusive', 'wider', 'narrower'),
  emailCase: oneOf('minds', 'ignores'),
  byId: either(byIdMode, record(byIdMode)),
  unknownId: oneOf(404, 400),
  listDetails: flag,
  deleteStatus: oneOf(200, 204),
  writes: either(writeMode, record(writeMode)),
  writeAnswers: oneOf('object', 'empty', 'nothing'),
  limiter: flag,
  rate: number(0),
  burst: number(1),
  burstMeans: oneOf('bucket', 'added'),
  otherSpender: number(0),
  retryAfter: oneOf('seconds', 'date', 'none'),
  changesPerMinute: number(0, 60_000),
  activityPerMinute: number(0, 60_000),
  webhookLoss: number(0, 1),
  webhookDelayMs: number(0),
  webhookReorder: number(0, 1),
  webhookRepeats: number(0, 1),
  webhookMisreports: number(0, 1),
  latencyMs: number(0),
  latencyJitter: number(0, 1),
  faults: value => value === undefined || typeof value === 'function',
  faultRate: number(0, 1),
  faultKinds: value =>
    Array.isArray(value) && value.length > 0 && value.every(oneOf(...faultKinds)),
}

/**
 * The same changes, once all of them are known to be possible.
 *
 * @throws {RangeError} naming the first switch that does not exist or cannot have that value
 */
export const readSwitches = (changes: Partial<Switches>): Partial<Switches> => {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(rules, name)) throw new RangeError(`no such switch: ${name}`)
    if (!rules[name as keyof Switches](value)) throw new RangeError(`no such value of ${name}`)
  }
  return changes
}
