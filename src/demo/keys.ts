/** The two keys of a stand-in. */
export interface DemoKeys {
  /** May GET. */
  readonly readOnly: string
  /** May do all. */
  readonly full: string
}

/** The keys of every stand-in that is given no others. They open nothing but a stand-in. */
export const demoKeys: DemoKeys = {
  readOnly: 'demo-key-read-only-not-a-secret',
  full: 'demo-key-full-access-not-a-secret',
}
