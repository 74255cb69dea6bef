/** The line below the answer: how it stands, and whether it is shown as JSON or as a table. */
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useEffect, useState } from 'react'
import { COST_PLUGIN } from '../panels/cost-panel.jsx'
import { useRun } from '../runs.js'
import { AnswerTable } from './answer-table.jsx'
import { lineOf } from './words.ts'

export const AnswerBar = () => {
  const run = useRun()
  const [view, setView] = useState('JSON')
  return (
    <div className="answer" data-view={view}>
      {view === 'Table' && <AnswerTable run={run} />}
      <div className="answer-bar">
        <div role="group" aria-label="Show the answer as">
          {['JSON', 'Table'].map(name => (
            <button
              key={name}
              type="button"
              aria-pressed={view === name}
              onClick={() => setView(name)}
            >
              {name}
            </button>
          ))}
        </div>
        <AnswerLine run={run} />
        <CostButton />
      </div>
    </div>
  )
}

/** Each second while it changes; who listens is told how it ended, and not of each second. */
const AnswerLine = ({ run }) => {
  const isUnderWay = run !== undefined && run.endedAt === undefined
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!isUnderWay) return undefined
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [isUnderWay])
  const line = lineOf(run, Math.max(now, run?.startedAt ?? 0))
  return (
    <>
      <p className="answer-line" aria-hidden={isUnderWay || undefined}>
        {line}
      </p>
      <span role="status" className="unseen">
        {isUnderWay ? ANNOUNCED[run.phase] : line}
      </span>
    </>
  )
}

const ANNOUNCED = {
  asking: 'Asks.',
  again: 'Not whole yet: asks again by itself.',
  streaming: 'Listens to events.',
}

const CostButton = () => {
  const { setVisiblePlugin } = useGraphiQLActions()
  const isShown = useGraphiQL(({ visiblePlugin }) => visiblePlugin === COST_PLUGIN)
  if (isShown) return null
  return (
    <button
      type="button"
      onClick={() => {
        // GraphiQL's own button also makes room for the panel.
        const own = document.querySelector(`[aria-label="Show ${COST_PLUGIN.title}"]`)
        if (own === null) setVisiblePlugin(COST_PLUGIN)
        else own.click()
      }}
    >
      Cost
    </button>
  )
}
