/** Where upstream a page begins: at its token, or else at an offset. */
export type PageOrigin = { readonly token: string } | { readonly offset: number }
