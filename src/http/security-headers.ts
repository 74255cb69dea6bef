/** For answers that are data: a browser runs nothing of them and shows them in no frame. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'"

/** The headers of every answer to the request with that id. */
export const securityHeaders = (requestId: string) => ({
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': dataPolicy,
  'x-request-id': requestId,
})
