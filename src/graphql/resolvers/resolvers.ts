/** All resolvers: arguments in, loader calls out. */
import type { Resolvers } from '../../generated/resolvers.ts'
import { changes } from './changes.ts'
import { connections } from './connections.ts'
import { connectors } from './connectors.ts'
import { entities } from './entities.ts'
import { events } from './events.ts'
import { mutationResolvers } from './mutations.ts'
import { ocsf } from './ocsf.ts'
import { ocsfEvents } from './ocsf-events.ts'
import { queryResolvers } from './query.ts'
import { search } from './search.ts'
import { timeline } from './timeline.ts'

export const resolvers: Resolvers = {
  ...entities,
  ...connections,
  ...connectors,
  ...ocsf,
  ...ocsfEvents,
  ...search,
  ...events,
  ...changes,
  ...timeline,
  Query: {
    ...queryResolvers.Query,
    ...ocsfEvents.Query,
    ...search.Query,
    ...events.Query,
    ...changes.Query,
    ...timeline.Query,
  },
  Subscription: { ...events.Subscription, ...changes.Subscription },
}

/** The same with those of mutations. */
export const resolversWithMutations: Resolvers = {
  ...resolvers,
  ...mutationResolvers,
  Detection: { ...resolvers.Detection, ...mutationResolvers.Detection },
  App: { ...resolvers.App, ...mutationResolvers.App },
  Employee: { ...resolvers.Employee, ...mutationResolvers.Employee },
  Account: { ...resolvers.Account, ...mutationResolvers.Account },
}
