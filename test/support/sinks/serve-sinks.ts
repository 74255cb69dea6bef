/** A server of one connector with the sinks that stand in a file. */
import { join } from 'node:path'
import type { StandIn } from '../../../src/demo/stand-in.ts'
import { SECRET } from '../deliveries.ts'
import { type Serving, serveProduct } from '../product.ts'

/** Its data are in that folder, and its sinks in `sinks.json` there. */
export const serveSinks = (
  folder: string,
  standIn: StandIn,
  more: Readonly<Record<string, string>> = {},
): Promise<Serving> =>
  serveProduct({
    environment: {
      PUSHGRAPH_CONFIG: join(folder, 'sinks.json'),
      PUSH_API_KEY: standIn.keys.full,
      PUSH_API_URL: standIn.url,
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_DATA_DIR: join(folder, 'data'),
      ...more,
    },
  })
