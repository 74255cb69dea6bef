// Sends one request again and again: `node load.mjs '{"url", "body", "connections", "seconds"}'`. Prints a line of JSON.
import autocannon from 'autocannon'

const { url, body, connections, seconds } = JSON.parse(process.argv[2])
const result = await autocannon({
  url,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
  connections,
  duration: seconds,
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
