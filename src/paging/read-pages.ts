/** Reading a list to its end, a page ahead of whoever takes it. */
import type { CollectionName } from '../model/rows.ts'
import { createPageWalker } from './page-walker.ts'
import type { ResumePoint } from './resume-point.ts'
import type { PageRead, Walk } from './walk.ts'

/**
 * The pages from a resume point on, each asked for before it is needed; what is under way is aborted when the reader
 * leaves.
 *
 * @throws as `next` of the walker
 */
export async function* readPages<Name extends CollectionName>(
  walk: Walk<Name>,
  from?: ResumePoint,
): AsyncGenerator<PageRead<Name>> {
  const walker = createPageWalker(walk, from)
  try {
    let upcoming = walker.next()
    for (;;) {
      const page = await upcoming
      if (page.next !== undefined) {
        upcoming = walker.next()
        // Told by the one that is awaited.
        upcoming.catch(() => undefined)
      }
      yield page
      if (page.next === undefined) return
    }
  } finally {
    walker.stop()
  }
}
