/** Which key took the place of which, as all replicas know it: whoever says so first. */
import { firstFormerOf } from '../../upstream/state/state.ts'
import type { AskDatabase } from './notes.ts'

export interface Identities {
  /** Under which id what belongs to `id` is kept. */
  keptAs(id: string): string
  succeed(id: string, former: string): void
  /** Reads what changed since; with undefined, all. */
  refresh(ask: AskDatabase, since: number | undefined): Promise<void>
  /** Writes what was not written yet; what cannot be written now stays to be written. */
  write(ask: AskDatabase): Promise<void>
}

export const createIdentities = (): Identities => {
  const known = new Map<string, string>()
  const unwritten = new Map<string, string>()

  return {
    keptAs: id => firstFormerOf(id, of => known.get(of)),
    succeed: (id, former) => {
      if (known.has(id)) return
      known.set(id, former)
      unwritten.set(id, former)
    },
    refresh: async (ask, since) => {
      const rows = await ask('SELECT id, kept_as FROM key_identity WHERE changed_at > $1', [
        since ?? 0,
      ])
      for (const row of rows) known.set(String(row['id']), String(row['kept_as']))
    },
    write: async ask => {
      if (unwritten.size === 0) return
      const written = [...unwritten]
      await ask(
        `INSERT INTO key_identity SELECT id, kept_as, ms() FROM unnest($1::text[], $2::text[]) AS x(id, kept_as)
          ORDER BY id ON CONFLICT DO NOTHING`,
        [written.map(([id]) => id), written.map(([, former]) => former)],
      )
      for (const [id] of written) unwritten.delete(id)
    },
  }
}
