/** What a searched value may be, by its form alone. */
import { isIP } from 'node:net'
import { type ObservableKind, observableKinds } from '../../model/observables.ts'

interface Form {
  readonly looksLike: (value: string) => boolean
  readonly mayBe: readonly ObservableKind[]
}

const matching =
  (pattern: RegExp) =>
  (value: string): boolean =>
    pattern.test(value)

/** The first form that fits says what the value may be. */
const forms: readonly Form[] = [
  { looksLike: matching(/^[a-z][a-z0-9+.-]*:\/\/\S+$/i), mayBe: ['URL'] },
  { looksLike: matching(/^[^\s@]+@[^\s@]+$/), mayBe: ['EMAIL_ADDRESS'] },
  { looksLike: value => isIP(value) !== 0, mayBe: ['IP_ADDRESS'] },
  {
    // Push's ids are UUIDs; which object one names, it does not say.
    looksLike: matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
    mayBe: observableKinds.filter(kind => kind.endsWith('_ID')),
  },
  // The ids of the stores of Chrome and Edge.
  { looksLike: matching(/^[a-p]{32}$/), mayBe: ['EXTENSION_ID'] },
  {
    // An app may be called like its domain.
    looksLike: matching(/^([\p{L}\p{M}\p{N}_-]+\.)+\p{L}[\p{L}\p{M}\p{N}-]*\.?$/u),
    mayBe: ['DOMAIN', 'APP_NAME'],
  },
  { looksLike: () => true, mayBe: ['APP_NAME'] },
]

/** The kinds that a value of this form may be of, at least one. */
export const kindsOf = (value: string): readonly ObservableKind[] =>
  forms.find(({ looksLike }) => looksLike(value))?.mayBe ?? []
