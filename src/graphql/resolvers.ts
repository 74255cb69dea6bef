/** All resolvers: arguments in, loader calls out. */
import type { Resolvers } from '../generated/resolvers.ts'
import { connections } from './resolvers/connections.ts'
import { connectors } from './resolvers/connectors.ts'
import { entities } from './resolvers/entities.ts'
import { events } from './resolvers/events.ts'
import { ocsf } from './resolvers/ocsf.ts'
import { ocsfEvents } from './resolvers/ocsf-events.ts'
import { query } from './resolvers/query.ts'
import { search } from './resolvers/search.ts'

export const resolvers: Resolvers = {
  ...entities,
  ...connections,
  ...connectors,
  ...ocsf,
  ...ocsfEvents,
  ...search,
  ...events,
  Query: { ...query.Query, ...ocsfEvents.Query, ...search.Query, ...events.Query },
}
