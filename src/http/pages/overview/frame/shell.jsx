/** The whole page: what stands on top of every view, and the view below it. */
import { useEffect, useRef } from 'react'
import { VIEWS, writeAddress } from '../address.ts'
import { ActivityView } from '../views/activity.jsx'
import { AppView } from '../views/app.jsx'
import { AppsView } from '../views/apps.jsx'
import { DetectionsView } from '../views/detections.jsx'
import { FindingsView } from '../views/findings.jsx'
import { OverviewView } from '../views/overview.jsx'
import { PeopleView } from '../views/people.jsx'
import { PersonView } from '../views/person.jsx'
import { SearchView } from '../views/search.jsx'
import { Filters } from './filters.jsx'
import { useAddress } from './place.js'
import { SearchField } from './search-field.jsx'
import { TokenButton } from './token-button.jsx'

const views = {
  overview: ['Overview', OverviewView],
  people: ['People', PeopleView],
  apps: ['Apps', AppsView],
  findings: ['Findings', FindingsView],
  detections: ['Detections', DetectionsView],
  activity: ['Activity', ActivityView],
  person: ['Person', PersonView],
  app: ['App', AppView],
  search: ['Search', SearchView],
}

export const Shell = () => {
  const address = useAddress()
  const [title, View] = views[address.view]
  const main = useRef(null)
  const isFirst = useRef(true)
  useEffect(() => {
    document.title = `${title} · Pushgraph`
    // Whoever follows a link goes on reading at what it leads to.
    if (!isFirst.current) main.current?.focus({ preventScroll: true })
    isFirst.current = false
    scrollTo(0, 0)
  }, [title, address.id, address.value])
  const skip = event => {
    event.preventDefault()
    main.current?.focus()
  }
  return (
    <>
      <a className="skip" href="#main" onClick={skip}>
        Skip to the tiles
      </a>
      <header>
        <a className="brand" href={writeAddress({ ...address, view: 'overview', id: undefined })}>
          Pushgraph
        </a>
        <SearchField address={address} />
        <div className="tools">
          <TokenButton />
          <a href="/graphiql">GraphiQL</a>
        </div>
        <Navigation address={address} />
        <Filters address={address} />
      </header>
      <main ref={main} tabIndex={-1} id="main">
        <h1>{title}</h1>
        <View address={address} />
      </main>
    </>
  )
}

const Navigation = ({ address }) => (
  <nav aria-label="Views">
    {VIEWS.map(view => (
      <a
        key={view}
        href={writeAddress({ ...address, view, id: undefined, of: undefined, value: undefined })}
        aria-current={address.view === view ? 'page' : undefined}
      >
        {views[view][0]}
      </a>
    ))}
  </nav>
)
