/** The ticket subgraph: what is being done about a finding. */
import { readRows, serveSubgraph, type Subgraph } from '../subgraph.ts'

const folder = new URL('./', import.meta.url)

interface Ticket {
  readonly id: string
  readonly findingId: string
  readonly title: string
  readonly status: string
}

/** Serves it on that port. */
export const startTickets = (port: number): Promise<Subgraph> => {
  const tickets = readRows(new URL('tickets.csv', folder)) as unknown as Ticket[]
  return serveSubgraph(
    folder,
    {
      Query: {
        tickets: (_: unknown, { status }: { status?: string | null }) =>
          tickets.filter(ticket => !status || ticket.status === status),
      },
      Mutation: {
        openTicket: (_: unknown, { findingId, title }: { findingId: string; title: string }) => {
          const ticket = { id: `SEC-${tickets.length + 1}`, findingId, title, status: 'OPEN' }
          tickets.push(ticket)
          return ticket
        },
      },
      Ticket: {
        __resolveReference: ({ id }: Pick<Ticket, 'id'>) =>
          tickets.find(ticket => ticket.id === id) ?? null,
        finding: ({ findingId }: Ticket) => ({ id: findingId }),
      },
      Finding: {
        __resolveReference: ({ id }: { readonly id: string }) => ({ id }),
        tickets: ({ id }: { readonly id: string }) =>
          tickets.filter(({ findingId }) => findingId === id),
      },
    },
    port,
  )
}
