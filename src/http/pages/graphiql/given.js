/** What the server gives the page with it: the tabs that it opens with, the questions of its menu, who may ask. */
const given = document.getElementById('given')

/** `{ tabs, questions, linked, asksCallers }`, as src/http/pages/page-data.ts makes them. */
export const { tabs, questions, linked, asksCallers } = JSON.parse(given.textContent)
