/** Moments at which lists agreed that nobody needs any more, in statements that a file and a database understand alike. */

/**
 * Of each list, those before the newest one that was over by then, by their keys; `most` of them. List by list: a file would look at
 * each moment of all lists.
 */
export const momentsBeforeInSql = (then: string, most: string): string =>
  `SELECT moment.list, moment.over_at, moment.agreed FROM known_list CROSS JOIN known_whole AS moment
    WHERE moment.list = known_list.id AND moment.over_at < (
      SELECT max(over_at) FROM known_whole AS newer WHERE newer.list = known_list.id AND newer.over_at <= ${then}
    ) LIMIT ${most}`

/** A day after the first moment that has a later one of its list beside it; null where there is none. */
export const DAY_AFTER_OLDEST_MOMENT = `SELECT min(next_at) + 86400 FROM (
    SELECT (
      SELECT min(over_at) FROM known_whole AS next WHERE next.list = known_list.id
        AND next.over_at > (SELECT min(over_at) FROM known_whole AS oldest WHERE oldest.list = known_list.id)
    ) AS next_at FROM known_list
  ) AS nexts`
