import type { Members } from '../../model/events.ts'
import {
  complianceOf,
  type FindingFacts,
  findingInfoOf,
  resourcesOf,
} from '../projections/finding.ts'
import { codeOf, ms, type OcsfObject } from '../fitting/values.ts'
import { inSnakeCase, reads } from './reading.ts'
import { changeActivityOf, type Input, messageOf, webhook } from './webhook-event.ts'
import { actingOf, unmappedEmployee } from './client.ts'

export interface FindingChange extends Input {
  readonly finding: FindingFacts
  readonly employee: Members | null
  readonly others: Members
  /** The older state, where a newer one is told too. */
  readonly before: Members | null
}

const readFinding = reads({
  id: 'text',
  type: 'text',
  state: 'text',
  employeeId: 'text',
  passwordId: 'text',
  accountId: 'text',
  appType: 'text',
  appId: 'text',
  weakPasswordReasons: 'texts',
  creationTimestamp: 'moment',
  employee: 'members',
})

/** The change; undefined where the finding has no id. */
export const findingChangeOf = (input: Input): FindingChange | undefined => {
  const { new: now, old } = input.told
  const { told, rest } = readFinding(now ?? old ?? undefined)
  const { id, employee, creationTimestamp, ...row } = told
  if (id === null) return undefined
  return {
    ...input,
    finding: {
      ...row,
      id,
      employeeId: row.employeeId ?? idIn(employee),
      type: row.type ?? input.event.row.object,
      createdAt: creationTimestamp,
    },
    employee,
    others: rest,
    before: now === null ? null : old,
  }
}

const projectionOf = (
  parts: Parameters<typeof webhook<FindingChange>>[0]['parts'],
  needs: readonly string[],
) =>
  webhook<FindingChange>({
    className: 'compliance_finding',
    needs,
    activity: input => changeActivityOf(input, input.finding.state === 'RESOLVED'),
    parts: {
      // Push does not weigh findings.
      severity_id: () => 0,
      status_id: ({ event, finding }) =>
        event.row.type === 'DELETE' ? DELETED : codeOf({ OPEN: 1, RESOLVED: 4 }, finding.state),
      message: messageOf,
      finding_info: ({ event, finding }) => ({
        ...findingInfoOf(finding),
        modified_time: ms(event.row.occurredAt),
      }),
      compliance: ({ finding }) => complianceOf(finding),
      ...parts,
    },
    unmapped: ({ finding, employee, before, told }) => ({
      state: finding.state,
      password_id: finding.passwordId,
      employee: unmappedEmployee(employee),
      old: inSnakeCase(before),
      actor: inSnakeCase(told.actor),
    }),
    others: ({ others }) => others,
  })

/** OCSF's status of what was deleted. */
export const DELETED = 6

const idIn = (employee: Members | null): string | null => {
  const id = employee?.['id']
  return typeof id === 'string' ? id : null
}

/** The employee is whole where the event has them. */
const allResourcesOf = ({ finding, employee, event }: FindingChange): readonly OcsfObject[] => {
  const user = actingOf(employee)?.user
  return resourcesOf(finding, event.links).map(resource =>
    resource['type'] === 'Employee' && user !== undefined
      ? { ...resource, name: user['email_addr'], owner: user }
      : resource,
  )
}

const notEmpty = (list: readonly OcsfObject[]): readonly OcsfObject[] | undefined =>
  list.length === 0 ? undefined : list

export const findingChange = projectionOf({ resources: input => notEmpty(allResourcesOf(input)) }, [
  'resources',
])

/** Before 1.2 a finding is about one resource: the foremost. */
export const findingChangeOfOne = projectionOf(
  {
    resource: input => allResourcesOf(input)[0],
    resources: input => notEmpty(allResourcesOf(input).slice(1)),
  },
  [],
)
