// Sends requests again and again: `node load.mjs '{"url", "bodies", "varied", "connections", "seconds"}'`, the bodies in
// turn, each with a number of its own where they are to vary. Prints a line of JSON.
import autocannon from 'autocannon'

const { url, bodies, varied, connections, seconds } = JSON.parse(process.argv[2])
let turn = 0
const next = request => {
  turn += 1
  const body = bodies[turn % bodies.length].replace('"turn":0', `"turn":${turn}`)
  return { ...request, body }
}
const result = await autocannon({
  url,
  connections,
  duration: seconds,
  requests: [
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: bodies[0],
      ...(varied ? { setupRequest: next } : {}),
    },
  ],
})
console.log(
  JSON.stringify({
    requestsPerSecond: result.requests.total / result.duration,
    requests: result.requests.total,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.errors + result.timeouts + result.non2xx,
  }),
)
