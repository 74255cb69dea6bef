/** What every resolver of one operation shares. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled as the rooms below come to be
export interface Context {}
