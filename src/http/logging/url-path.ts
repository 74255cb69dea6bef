/** The path alone: what follows it may hold what nobody should log or repeat. */
export const pathOf = (url: string): string => url.split(/[?#]/, 1)[0] ?? ''
