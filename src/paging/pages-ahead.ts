/** What pages by offset that overlap by one row cost, and when they are worth it. */

/** Whether pages come sooner side by side: one after another they would come more slowly than the limit allows. */
export const isQuicker = (latencyMs: number, rate: number): boolean => latencyMs * rate > 1_000

/** Requests for the rows behind the first `sent` of a collection, where pages overlap by one row. */
export const pagesAhead = (rows: number, sent: number, pageSize: number): number =>
  Math.max(sent === 0 ? 1 : 0, Math.ceil((rows - Math.max(1, sent)) / (pageSize - 1)))
