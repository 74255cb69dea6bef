/** Random readings of what nobody knows about Push's API, as settings of the stand-in. */
import fc from 'fast-check'
import type { Switches } from '../../src/demo/stand-in.ts'
import { collectionNames, collections } from '../../src/model/collections.ts'

const mode = fc.constantFrom('honoured', 'ignored', 'widened', 'refused')
const byIdMode = fc.constantFrom('works', 'missing', 'forbidden')

/** One for all, or another one for each parameter. */
const parameters: fc.Arbitrary<Switches['parameters']> = fc.oneof(
  mode,
  fc.record(
    Object.fromEntries(
      collectionNames.map(name => [
        name,
        fc.record(
          Object.fromEntries(
            collections[name].pushdown.map(({ parameter }) => [parameter, mode] as const),
          ),
        ),
      ]),
    ),
  ),
)

const byId: fc.Arbitrary<Switches['byId']> = fc.oneof(
  byIdMode,
  fc.record(Object.fromEntries(collectionNames.map(name => [name, byIdMode] as const))),
)

/**
 * Any of them, most left at their defaults. A largest page that refuses more is at least 200, which is known to be
 * used in the field. All rows can be come by.
 */
export const randomSwitches: fc.Arbitrary<Partial<Switches>> = fc
  .record(
    {
      maxPage: fc.constantFrom(7, 50, 200, 1_000),
      abovePage: fc.constantFrom('clamp', 'refuse'),
      lastToken: fc.constantFrom('null', 'absent', 'present', 'empty-page', 'more-without-token'),
      offset: fc.constantFrom('works', 'ignored', 'refused'),
      tokens: fc.constantFrom('keyset', 'position', 'none'),
      emptyPages: fc.constantFrom(0, 2, 3),
      shortPages: fc.boolean(),
      order: fc.constantFrom('stable', 'shuffled-per-scan'),
      parameters,
      unknownParameters: fc.constantFrom('ignored', 'refused'),
      bounds: fc.constantFrom('exclusive', 'inclusive', 'wider', 'narrower'),
      emailCase: fc.constantFrom('minds', 'ignores'),
      byId,
      unknownId: fc.constantFrom(404, 400),
      listDetails: fc.boolean(),
    } satisfies { readonly [Name in keyof Switches]?: fc.Arbitrary<Switches[Name]> },
    { requiredKeys: [] },
  )
  .map(switches =>
    // Where more is promised without a token, only offsets show what there is.
    switches.tokens === 'none' || switches.lastToken === 'more-without-token'
      ? { ...switches, offset: 'works' as const, order: 'stable' as const }
      : switches,
  )
  .map(switches =>
    switches.abovePage === 'refuse'
      ? { ...switches, maxPage: Math.max(200, switches.maxPage ?? 200) }
      : switches,
  )

/** Whether a filter on the events of detections can be answered: a list gives them, or each detection does. */
export const givesEvents = ({ listDetails = false, byId = 'works' }: Partial<Switches>): boolean =>
  listDetails || (typeof byId === 'string' ? byId : (byId.detections ?? 'works')) === 'works'
