/** A row of the table, as far as a bucket is known by it. */
export interface BucketRow {
  readonly id: string
  readonly level: number
  readonly at: number
  readonly slowed_at: number
  readonly slowed_to: number
  readonly paused_until: number
  readonly lease_ids: readonly string[]
  readonly lease_ends: readonly number[]
}
