/** What there is of each version of OCSF. */
import { type OcsfVersion, ocsfVersions } from '../../model/ocsf/versions.ts'

export type ByVersion<Made> = { readonly [Version in OcsfVersion]: Made }

/** By version, what is made of it: once, and not before it is asked for, since hardly anybody works with several. */
export const byVersion = <Made>(make: (version: OcsfVersion) => Made): ByVersion<Made> => {
  const made = {}
  for (const version of ocsfVersions)
    Object.defineProperty(made, version, {
      configurable: true,
      enumerable: true,
      get: () => {
        const value = make(version)
        Object.defineProperty(made, version, { value })
        return value
      },
    })
  return made as ByVersion<Made>
}
