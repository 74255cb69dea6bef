import { GatewayError } from '../errors.ts'

/** Events cannot be stored or read for now: the disk is full, another process holds the file, the database is away. */
export class EventsUnavailable extends GatewayError {
  constructor(message: string) {
    super('UPSTREAM_UNAVAILABLE', message)
  }
}
