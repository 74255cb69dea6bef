/** The HR subgraph: whom somebody reports to, where their work is booked, and since when they are here. */
import { readRows, serveSubgraph, type Subgraph } from '../subgraph.ts'

const folder = new URL('./', import.meta.url)

interface Person {
  readonly email: string
}

/** Serves it on that port. */
export const startHr = (port: number): Promise<Subgraph> => {
  const people = new Map(readRows(new URL('people.csv', folder)).map(row => [row['email'], row]))
  // Push may write an address in another letter case.
  const of = ({ email }: Person) => people.get(email.toLowerCase())
  const orNull = (value: string | undefined): string | null => value || null
  return serveSubgraph(
    folder,
    {
      Query: {
        people: () => [...people.values()],
        costCentre: (_: unknown, { code }: { code: string }) =>
          [...people.values()].filter(({ costCentre }) => costCentre === code),
        person: (_: unknown, asked: Person) => of(asked) ?? null,
      },
      Employee: {
        // Whoever Push knows is an employee, also where HR has no more to say of them.
        __resolveReference: ({ email }: Person) => ({ email }),
        manager: (employee: Person) => {
          const email = orNull(of(employee)?.['manager'])
          return email && { email }
        },
        costCentre: (employee: Person) => orNull(of(employee)?.['costCentre']),
        startDate: (employee: Person) => orNull(of(employee)?.['startDate']),
      },
    },
    port,
  )
}
