/** The path alone: what follows it may hold what nobody should log or repeat. */
export const urlPathOf = (url: string): string => url.split(/[?#]/, 1)[0] ?? ''
