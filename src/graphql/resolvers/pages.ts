/** What the pages of lists, of searches and of timelines answer alike. */

/** Moments of the rooms below, in milliseconds, as the seconds that resolvers give. */
export const toSeconds = (ms: number | null): number | null =>
  ms === null ? null : Math.floor(ms / 1_000)

/** The fields of `PageInfo` are the page's own. */
export const pageInfo = <Page>(page: Page): Page => page

export const asOf = (page: { readonly asOf: number | null }): number | null => toSeconds(page.asOf)
