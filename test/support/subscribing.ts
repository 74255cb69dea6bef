/** What a subscriber to all events hears. */
import { createClient } from 'graphql-sse'
import { expect, onTestFinished } from 'vitest'

/** The ids of the events that are told there from then on, until the test is over. */
export const hearEvents = async (url: string): Promise<readonly string[]> => {
  const heard: string[] = []
  const client = createClient({ url: `${url}/graphql`, retryAttempts: 0 })
  onTestFinished(() => client.dispose())
  client.subscribe<{ events: { id: string } }>(
    { query: 'subscription { events { id } }' },
    {
      next: ({ data }) => heard.push(data?.events.id ?? ''),
      error: () => undefined,
      complete: () => undefined,
    },
  )
  await expect
    .poll(async () => (await fetch(`${url}/metrics`)).text())
    .toMatch(/^pushgraph_subscriptions 1$/m)
  return heard
}
