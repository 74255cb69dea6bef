/** What the server gives the page with it: the documents of its tiles as this graph answers them, and who may ask. */
const given = JSON.parse(document.getElementById('given').textContent)

/** The text of a document by the name of its operation. */
export const documentOf = name => given.documents[name]

/** Whether callers are asked who they are. */
export const asksCallers = given.asksCallers
