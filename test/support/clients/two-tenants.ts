/** A server of two tenants whose objects have the same ids, in which one account is not the same. */
import type { StandIn } from '../../../src/demo/stand-in.ts'
import { SECRET } from '../deliveries.ts'
import { serveProduct } from '../product.ts'
import { startStandIn } from '../stand-in.ts'

export interface TwoTenants {
  /** Without a path. */
  readonly url: string
  readonly acme: StandIn
  readonly globex: StandIn
  /** The file `connectors.json` by which a command reads the same tenants. */
  readonly connectors: string
  /** The id of the account whose address is this one at globex. */
  readonly account: { readonly id: string; readonly atAcme: string; readonly atGlobex: string }
  stop(): Promise<void>
}

export const serveTwoTenants = async (
  more: Readonly<Record<string, string>> = {},
): Promise<TwoTenants> => {
  const [acme, globex] = await Promise.all([startStandIn(), startStandIn()])
  const [account] = acme.data.accounts
  if (account === undefined) throw new Error('The tenant has no account')
  const atGlobex = 'somebody.else@globex.example'
  globex.update('accounts', account.id, { email: atGlobex, mfaRegistered: account.mfaRegistered })
  const connector = (alias: string, { url, keys }: StandIn) => ({
    alias,
    url,
    apiKey: keys.readOnly,
    webhookSecret: SECRET,
    rate: 1_000,
    burst: 1_000,
  })
  const connectors = JSON.stringify({
    connectors: [connector('acme', acme), connector('globex', globex)],
  })
  const server = await serveProduct({
    environment: { PUSHGRAPH_CONFIG: 'connectors.json', LOG_LEVEL: 'warn', ...more },
    files: { 'connectors.json': connectors },
  })
  return {
    url: server.url,
    acme,
    globex,
    connectors,
    account: { id: account.id, atAcme: account.email, atGlobex },
    stop: async () => {
      server.kill('SIGTERM')
      await server.ended
      await Promise.all([acme.close(), globex.close()])
    },
  }
}
