/** Hive Gateway's settings: subscriptions go on over WebSocket; without this, over server-sent events. */
import { defineConfig } from '@graphql-hive/gateway'

export const gatewayConfig = defineConfig({
  transportEntries: {
    '*.http': { options: { subscriptions: { kind: 'ws', location: '/graphql' } } },
  },
})
