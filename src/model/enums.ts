/** The documented closed enumerations. A word that is not here is served as UNRECOGNIZED, with the word beside it. */
export const enums = {
  AppApprovalStatus: ['APPROVED', 'NOT_APPROVED', 'UNDER_REVIEW'],
  AppSensitivityLevel: ['LOW', 'MEDIUM', 'HIGH'],
  BrowserName: ['CHROME', 'FIREFOX', 'EDGE', 'SAFARI', 'OPERA', 'BRAVE', 'ARC', 'UNKNOWN'],
  BrowserTokenType: ['INDIVIDUAL', 'TEAM'],
  OperatingSystem: ['MACOS', 'WINDOWS', 'LINUX', 'CHROME_OS', 'IOS', 'ANDROID', 'UNKNOWN'],
  ExtensionDeploymentMode: ['MANAGED', 'DEVELOPMENT', 'MANUAL', 'SIDELOAD', 'OTHER'],
  FindingType: [
    'MFA_NOT_REGISTERED',
    'REUSED_PASSWORD',
    'SHARED_ACCOUNT',
    'UNUSED_THIRD_PARTY_APP',
    'WEAK_PASSWORD',
    'LEAKED_PASSWORD',
    'PASSWORD_MANAGER_NOT_USED',
    'STOLEN_CREDENTIALS',
  ],
  FindingState: ['OPEN', 'RESOLVED'],
  WeakPasswordReason: ['COMPROMISED_HIBP', 'COMMON_BASE_WORD', 'BANNED_BASE_WORD'],
  DetectionSeverity: ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'],
  DetectionType: ['PHISHING', 'STOLEN_CREDENTIALS', 'BLOCKED_URL', 'MALWARE_DELIVERY'],
  ControlMode: ['OFF', 'MONITOR', 'WARN', 'BLOCK', 'INFORM', 'ACKNOWLEDGE', 'REASON'],
  EventCategory: ['ENTITY', 'ACTIVITY', 'CONTROL', 'AUDIT', 'DETECTION'],
  ChangeType: ['CREATE', 'UPDATE', 'DELETE'],
  MfaMethod: [
    'APP_TOTP',
    'PUSH_NOTIFICATION',
    'EMAIL_OTP',
    'U2F',
    'HARDWARE_TOTP',
    'PHONE_CALL',
    'SMS_OTP',
    'APP_PASSWORD',
    'GRID_CARD',
    'EXTERNAL_PROVIDER',
    'BACKUP_CODES',
    'WEBAUTHN',
    'SMS',
    'APP_OTP',
  ],
} as const

export type EnumName = keyof typeof enums

/** The enumerations whose words stand above one another, in the order in which `enums` lists them. */
export const ranked: ReadonlySet<EnumName> = new Set(['AppSensitivityLevel', 'DetectionSeverity'])

/** The value for a word that Push sends and we do not know yet. */
export const UNRECOGNIZED = 'UNRECOGNIZED'

const known: ReadonlyMap<EnumName, ReadonlySet<string>> = new Map(
  Object.entries(enums).map(([name, words]) => [name as EnumName, new Set<string>(words)]),
)

/** The word itself where the enumeration has it, else UNRECOGNIZED. */
export const recognize = (name: EnumName, word: string): string =>
  known.get(name)?.has(word) === true ? word : UNRECOGNIZED

/** Names that are written otherwise than words are. */
const writtenSo = new Map(
  [
    ...[
      'MFA',
      'SSO',
      'OIDC',
      'SAML',
      'URL',
      'ID',
      'IP',
      'SWA',
      'SMS',
      'OTP',
      'TOTP',
      'U2F',
      'HIBP',
    ],
    ...['macOS', 'iOS', 'OS', 'WebAuthn', 'GitHub', 'GitLab', 'LinkedIn', 'YouTube', 'PayPal'],
    ...['AWS', 'IBM', 'SAP', 'HubSpot', 'DocuSign', 'OneLogin', 'OpenAI', 'ChatGPT', 'ServiceNow'],
  ].map(name => [name.toUpperCase(), name] as const),
)

const isWord = /^[A-Z][A-Z\d_]*$/

/** Push's words as people say them: `MFA_NOT_REGISTERED` is "MFA not registered". */
export const spokenOf = (word: string | null | undefined): string => {
  if (word === null || word === undefined || word === '') return 'unknown'
  if (!isWord.test(word)) return word
  const [first = '', ...others] = word.split('_')
  return [
    writtenSo.get(first) ?? capitalised(first),
    ...others.map(part => writtenSo.get(part) ?? part.toLowerCase()),
  ].join(' ')
}

/** The type of an app as its name: `GOOGLE_WORKSPACE` is "Google Workspace". */
export const spokenAppType = (type: string): string =>
  isWord.test(type)
    ? type
        .split('_')
        .map(part => writtenSo.get(part) ?? capitalised(part))
        .join(' ')
    : type

const capitalised = (part: string): string => part.charAt(0) + part.slice(1).toLowerCase()
