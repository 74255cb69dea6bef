/**
 * Where a sink stands in one order, connector by connector: most stand at the same place, and one of which it is not known
 * whose it is stays behind without holding up the others.
 */
import type { SinkPlace } from '../model/sinks/sink.ts'
import { type Behind, furthestBehind } from '../query/stored/furthest-behind.ts'

/** The connectors that are furthest behind, and up to where they are read alone; undefined where all have reached the newest. */
export const nextStretch = (
  place: SinkPlace,
  connectors: readonly string[],
  newest: number,
): Behind | undefined =>
  furthestBehind(
    connectors.map(alias => [alias, sequenceOf(place, alias)]),
    newest,
  )

/**
 * The place once those connectors have reached that sequence. `kept`: those that stay where they are instead of being passed over,
 * beside those that are behind already.
 */
export const movedTo = (
  place: SinkPlace,
  connectors: readonly string[],
  sequence: number,
  kept: readonly string[],
): SinkPlace => {
  const moved = new Set(connectors)
  const foremost = Math.max(place.sequence, sequence)
  const behind = [...new Set([...Object.keys(place.behind), ...kept])]
    .map(alias => [alias, moved.has(alias) ? sequence : sequenceOf(place, alias)] as const)
    .filter(([, at]) => at < foremost)
  return { sequence: foremost, behind: Object.fromEntries(behind) }
}

const sequenceOf = ({ sequence, behind }: SinkPlace, alias: string): number =>
  Object.hasOwn(behind, alias) ? (behind[alias] ?? sequence) : sequence
