/* global document */
/** The tabs that GraphiQL opens with: tabs/NN-name.graphql, and beside it perhaps NN-name.headers.json. */
const queries = import.meta.glob('./tabs/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const headers = import.meta.glob('./tabs/*.headers.json', {
  query: '?raw',
  import: 'default',
  eager: true,
})

const own = Object.keys(queries)
  .sort()
  .map(path => ({
    query: queries[path],
    headers: headers[path.replace(/\.graphql$/, '.headers.json')] ?? null,
  }))

/** Where names have a prefix, the page brings the tabs with it. */
const given = document.getElementById('tabs')

export const defaultTabs = given === null ? own : JSON.parse(given.textContent)

/**
 * Gives the default tabs their headers again after a reload: GraphiQL keeps tabs in the browser, but not their
 * headers, which could be secrets.
 */
export const restoreHeaders = storage => {
  const key = 'graphiql:tabState'
  const kept = storage.getItem(key)
  if (kept === null) return
  const state = JSON.parse(kept)
  for (const tab of state.tabs)
    tab.headers ??= defaultTabs.find(({ query }) => query === tab.query)?.headers ?? null
  storage.setItem(key, JSON.stringify(state))
}
