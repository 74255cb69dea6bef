/** Where a room says what an operator should know, in a sentence without keys, bodies or rows. */
export type Log = (level: 'info' | 'warn', message: string) => void
