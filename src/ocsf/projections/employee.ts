import type { Employee } from '../../model/rows.ts'
import {
  type Collected,
  COLLECT,
  INFORMATIONAL,
  type Loose,
  nameIn,
  type Projection,
  readByRest,
} from '../fitting/projection.ts'
import { given, ms, type OcsfObject } from '../fitting/values.ts'

/** An employee is a user of the organization. */
export const employee: Projection<Collected<'employees'>> = {
  className: 'user_inventory',
  activity: () => COLLECT,
  time: ({ readAt }) => readAt,
  metadata: readByRest('EMPLOYEE'),
  parts: {
    severity_id: () => INFORMATIONAL,
    message: ({ row }) => `Push Security knows the employee ${nameIn(row.email, row.id)}.`,
    user: ({ row }) => userOfEmployee(row),
  },
  unmapped: ({ row }) => ({ licensed: row.licensed, chatops_enabled: row.chatopsEnabled }),
}

/** The employee as a user, with everything that has a place there. */
export const userOfEmployee = (
  row: Loose<Omit<Employee, 'licensed' | 'chatopsEnabled'>>,
): OcsfObject => ({
  uid: row.id,
  name: row.email,
  email_addr: row.email,
  full_name: fullName(row.firstName, row.lastName),
  type_id: 1,
  ldap_person: {
    given_name: row.firstName,
    surname: row.lastName,
    department: row.department,
    office_location: row.location,
    created_time: ms(row.createdAt),
  },
  groups: row.groups?.map(name => ({ name })),
})

/** Both names, as far as they are known. */
export const fullName = (first: string | null, last: string | null): string | undefined => {
  if (first === null && last === null) return undefined
  return first === null || last === null ? (first ?? last ?? undefined) : `${first} ${last}`
}

/** Who an employee is. */
export type Person = Loose<Pick<Employee, 'email' | 'firstName' | 'lastName'>>

/** An employee where they act or own: only their id where nothing else is known of them. */
export const userOf = (id: string | null, known: Person | null | undefined) =>
  id === null
    ? undefined
    : given({
        uid: id,
        name: known?.email,
        email_addr: known?.email,
        full_name: known && fullName(known.firstName, known.lastName),
        type_id: 1,
      })
