/** The path alone: what follows it may hold what nobody should log or repeat, and what stands before it says nothing. */
export const urlPathOf = (url: string): string =>
  (url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '')).split(/[?#]/, 1)[0] ?? ''
