/**
 * How variables are read where nobody is told what is wrong with them: up to the first mistake. A list of a hundred
 * thousand words that do not fit would otherwise keep the server busy with as many sentences.
 */
export const oneMistake = { maxErrors: 1 } as const
