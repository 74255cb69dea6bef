/** What the operator hears of a collector that takes nothing for a while. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { expect, onTestFinished, test } from 'vitest'
import { withTelling } from '../../../src/app/tracing/telling-exporter.ts'

test('is that it fails, once, and that it works again, and nothing of what it answered', async () => {
  let status = 400
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"message":"secret"}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const told: string[] = []
  const exporter = withTelling(
    new OTLPTraceExporter({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    (message, error) =>
      told.push(`${message}${error instanceof Error ? `: ${error.message}` : ''}`),
  )
  onTestFinished(() => exporter.shutdown())
  for (const next of [200, 400, 400, 200, 200]) {
    status = next
    await new Promise<void>(resolve => exporter.export([], () => resolve()))
  }
  expect(told).toEqual([
    expect.stringMatching(/^Traces cannot be sent to OTEL_EXPORTER_OTLP_ENDPOINT: \w+$/),
    'Traces can be sent again',
  ])
})
