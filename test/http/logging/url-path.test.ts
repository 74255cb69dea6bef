import { expect, test } from 'vitest'
import { urlPathOf } from '../../../src/http/logging/url-path.ts'

test.each([
  ['/graphql', '/graphql'],
  ['/graphql?token=s3cr3t', '/graphql'],
  ['/graphql#s3cr3t', '/graphql'],
  // As a client sends it that takes the server for a proxy.
  ['http://user:s3cr3t@push.example/graphql?query=x', '/graphql'],
  ['HTTPS://push.example:8080/webhooks', '/webhooks'],
  ['http://push.example?s3cr3t', ''],
  ['*', '*'],
])('the path of %s is %j', (url, path) => {
  expect(urlPathOf(url)).toBe(path)
})
