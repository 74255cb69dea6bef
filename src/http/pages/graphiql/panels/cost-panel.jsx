/** The panel of what an answer cost, how old and whole it is, and how its rows were got. */
import { useGraphiQL } from '@graphiql/react'
import { useState } from 'react'
import { clockOf, count } from '../answer/words.ts'
import { planOf } from '../asking/plan-only.js'
import { useRun } from '../runs.js'
import { Panel } from './panel.jsx'

const CostPanel = () => {
  const run = useRun()
  const [foreseen, setForeseen] = useState()
  const tabId = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex].id)
  const cost = run?.answer?.extensions?.pushgraph
  const plan = cost?.plan
  const isOfTab = foreseen?.tabId === tabId
  return (
    <Panel title="Cost and plan">
      <h2>Cost and plan</h2>
      {cost === undefined ? (
        <p>Run a query: what its answer cost stands here.</p>
      ) : (
        <Cost {...cost} />
      )}
      {plan !== undefined && <Plan {...plan} title="How its rows were got" />}
      <ForeseeButton onForeseen={told => setForeseen({ ...told, tabId })} />
      {isOfTab && foreseen.failure !== undefined && <p role="alert">{foreseen.failure}</p>}
      {isOfTab && foreseen.plan !== undefined && (
        <Plan {...foreseen.plan} title="What it would take now" />
      )}
    </Panel>
  )
}

const Cost = ({
  requests,
  waitedMs,
  rowsRead,
  rowsReturned,
  cacheHits,
  asOf,
  complete,
  ...rest
}) => (
  <>
    <dl>
      <Fact name="Whole" value={complete ? 'yes' : 'no: see the warnings and errors'} />
      <Fact name="As of" value={asOf === null ? 'nothing was read' : clockOf(asOf)} title={asOf} />
      <Fact name="Requests to Push" value={requests.toLocaleString('en')} />
      <Fact
        name="Waited for its limit"
        value={`${(waitedMs / 1_000).toFixed(1)} s, all requests together`}
      />
      <Fact name="Rows read" value={rowsRead.toLocaleString('en')} />
      <Fact name="Rows returned" value={rowsReturned.toLocaleString('en')} />
      <Fact name="From memory" value={count(cacheHits, 'time')} />
      {rest.followed && <Fact name="Kept up to date" value="by webhooks" />}
    </dl>
    {rest.warnings.length > 0 && (
      <>
        <h3>Warnings</h3>
        <ul>
          {rest.warnings.map(({ code, connector, message }) => (
            <li key={`${code} ${connector} ${message}`}>
              {connector}: {message}
            </li>
          ))}
        </ul>
      </>
    )}
  </>
)

const Fact = ({ name, value, title }) => (
  <div>
    <dt>{name}</dt>
    <dd title={title ?? undefined}>{value}</dd>
  </div>
)

const Plan = ({ title, estimate, connections }) => (
  <>
    <h3>{title}</h3>
    <p>
      Estimated: {count(estimate.requests, 'request')}, {(estimate.ms / 1_000).toFixed(1)} s
      {estimate.price && <>, {(estimate.price.value / 1_000).toFixed(1)} ms of processor time</>}
      {estimate.bytes && <>, {Math.ceil(estimate.bytes.value / 1_024).toLocaleString('en')} KB</>}.
    </p>
    <ol className="plan">
      {connections.map((connection, index) => (
        <Connection key={index} {...connection} />
      ))}
    </ol>
  </>
)

const Connection = ({ path, connector, collection, reading, pushedDown, residual, ...rest }) => (
  <li>
    <h4>
      <code>{path}</code>
    </h4>
    <p>
      {connector}: {reading}
      {rest.followed && ', kept up to date by webhooks'}
    </p>
    {pushedDown.length > 0 && <Parts name="Push is asked for" parts={pushedDown} />}
    {residual.length > 0 && <Parts name="Checked here" parts={residual} />}
    <p>
      {rest.requests === undefined
        ? `About ${count(rest.estimate.requests, 'request')}, ${count(rest.estimate.rows, 'row')}.`
        : `${count(rest.requests, 'request')} for ${collection} in all${rest.rows === undefined ? '' : `, ${count(rest.rows, 'row')} returned`}.`}
    </p>
  </li>
)

const Parts = ({ name, parts }) => (
  <p>
    {name}:{' '}
    {parts.map((part, index) => (
      <code key={index}>{part}</code>
    ))}
  </p>
)

/** Asks for the plan alone: nothing is read for it. */
const ForeseeButton = ({ onForeseen }) => {
  const editors = useGraphiQL(({ queryEditor, variableEditor, headerEditor, operationName }) => ({
    queryEditor,
    variableEditor,
    headerEditor,
    operationName,
  }))
  const [isAsking, setIsAsking] = useState(false)
  return (
    <button
      type="button"
      disabled={isAsking}
      onClick={() => {
        setIsAsking(true)
        void planOf(editors)
          .then(onForeseen)
          .finally(() => setIsAsking(false))
      }}
    >
      What would it take now?
    </button>
  )
}

const CostIcon = props => (
  <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" {...props}>
    <path d="M3 14a7 7 0 1 1 14 0M10 14l4-5" strokeLinecap="round" />
    <path d="M3 17h14" strokeLinecap="round" />
  </svg>
)

export const COST_PLUGIN = { title: 'Cost and plan', icon: CostIcon, content: CostPanel }
