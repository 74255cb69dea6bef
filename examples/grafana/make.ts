/**
 * Makes the dashboards and the alert rules of what stands in source/: `node examples/grafana/make.ts`, after a document or
 * a panel was changed.
 */
import { writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { stringify } from 'yaml'
import { alertRules } from './source/alerts.ts'
import { activity } from './source/views/activity.ts'
import { apps } from './source/views/apps.ts'
import { detections } from './source/views/detections.ts'
import { findings } from './source/views/findings.ts'
import { overview } from './source/views/overview.ts'
import { people } from './source/views/people.ts'

/** The files by their paths from here, as they should be. */
export const make = async (): Promise<ReadonlyMap<string, string>> => {
  const files = new Map<string, string>()
  const views = { overview, people, apps, findings, detections, activity }
  for (const [name, dashboard] of Object.entries(views))
    files.set(`dashboards/${name}.json`, await printed(JSON.stringify(dashboard), 'json'))
  const note = '# Made by make.ts, of source/alerts.ts.\n'
  files.set(
    'provisioning/alerting/pushgraph.yaml',
    await printed(
      note + stringify(alertRules, { aliasDuplicateObjects: false, lineWidth: 0 }),
      'yaml',
    ),
  )
  return files
}

const printed = async (text: string, parser: 'json' | 'yaml'): Promise<string> =>
  format(text, { ...(await resolveConfig(import.meta.filename)), parser })

if (import.meta.main)
  for (const [path, text] of await make()) writeFileSync(new URL(path, import.meta.url), text)
