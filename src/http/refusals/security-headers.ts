/** For answers that are data: a browser runs nothing of them and shows them in no frame. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'"

/** The headers of every answer to the request with that id; pages have a policy of their own. */
export const securityHeaders = (requestId: string, policy = dataPolicy) => ({
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': policy,
  'x-request-id': requestId,
})
