/**
 * Something other than values came up: an error, a null where none may be, a look at the place in the answer. What is
 * then to be answered is for graphql-js to say.
 */
export class Irregular extends Error {}
