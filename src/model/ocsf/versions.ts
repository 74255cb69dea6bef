/** The versions of OCSF that events can be had in, the newest first. */
export const ocsfVersions = ['1.9.0', '1.8.0', '1.6.0', '1.3.0', '1.1.0'] as const

export type OcsfVersion = (typeof ocsfVersions)[number]

/** The version of those who ask for none. */
export const defaultVersion: OcsfVersion = '1.8.0'
