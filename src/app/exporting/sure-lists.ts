/** Stored lists for exports, which never take what nobody may see yet, or can read, for nothing. */
import { UpstreamUnavailableError } from '../../errors.ts'
import type { Events } from '../../events/events.ts'
import type { ChangeLists } from '../../export/changes/write-changes.ts'
import type { ServedConnectors } from '../connectors.ts'

/**
 * The same lists, of which no page is given while something is wrong with their file, or it is not known whose a
 * connector is that is asked for: an export would go on behind what that connector's tenant may have, and leave it out for
 * good.
 */
export const sureLists = <Lists extends Pick<ChangeLists, 'page'> & Pick<Events, 'flaw'>>(
  lists: Lists,
  { doubtOf }: Pick<ServedConnectors, 'doubtOf'>,
): Lists => ({
  ...lists,
  page: async (query, ...terms) => {
    const flaw = await lists.flaw()
    if (flaw !== undefined) throw new UpstreamUnavailableError(flaw)
    for (const alias of query.parts.flatMap(({ connectors }) => connectors)) {
      const doubt = await doubtOf(alias)
      if (doubt !== undefined) throw new UpstreamUnavailableError(`Connector ${alias}: ${doubt}`)
    }
    return lists.page(query, ...terms)
  },
})
