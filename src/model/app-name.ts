import type { App } from './rows.ts'

/** The name of an app for people: `friendlyName`, else `type`. */
export const appName = (app: Pick<App, 'friendlyName' | 'type'>): string =>
  app.friendlyName ?? app.type
