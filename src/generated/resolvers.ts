import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ObjectParent, ListConnectionParent, GroupParent, EventParent, StoredConnectionParent, OtherAccountParent, OtherAppParent, ChangeParent, MembersParent, OcsfEventParent, OcsfEventConnectionParent, TimelineConnectionParent, TimelineItemParent, DetectionEventParent, ConnectorParent, StoredCollectionParent, SharedDatabaseParent, SinkParent, SearchConnectionParent, SearchEdgeParent, WritePayloadParent } from '../graphql/parents.ts';
import type { CollectionName } from '../model/rows.ts';
import type { Context } from '../graphql/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
export type EnumResolverSignature<T, AllowedValues = any> = { [key in keyof T]?: AllowedValues };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  DateTime: { input: number; output: number; }
  Duration: { input: string; output: string; }
  JSON: { input: unknown; output: unknown; }
  Long: { input: number; output: number; }
};

export type Account = Entity & {
  __typename?: 'Account';
  app?: Maybe<App>;
  appId: Scalars['ID']['output'];
  appType: Scalars['String']['output'];
  changes?: Maybe<ChangeConnection>;
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  createdAt: Scalars['DateTime']['output'];
  email?: Maybe<Scalars['String']['output']>;
  employee?: Maybe<Employee>;
  employeeId: Scalars['ID']['output'];
  findings?: Maybe<FindingConnection>;
  history?: Maybe<EventConnection>;
  id: Scalars['ID']['output'];
  lastUsedAt?: Maybe<Scalars['DateTime']['output']>;
  loginMethods: LoginMethods;
  mfaMethods?: Maybe<Array<MfaMethod>>;
  mfaMethodsRaw?: Maybe<Array<Scalars['String']['output']>>;
  mfaRegistered?: Maybe<Scalars['Boolean']['output']>;
  ocsf?: Maybe<OcsfUserInventory>;
  passwordId?: Maybe<Scalars['ID']['output']>;
  passwordPeers?: Maybe<AccountConnection>;
  revision: Scalars['String']['output'];
  timeline?: Maybe<TimelineConnection>;
};


export type AccountChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ChangeFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<ChangeOrder>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


export type AccountFindingsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<FindingFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<FindingOrder>>;
};


export type AccountHistoryArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<EventOrder>>;
};


export type AccountOcsfArgs = {
  version?: InputMaybe<OcsfVersion>;
};


export type AccountPasswordPeersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AccountFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<AccountOrder>>;
};


export type AccountTimelineArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<Array<TimelineKind>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type AccountConnection = {
  __typename?: 'AccountConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<AccountEdge>;
  groupCount?: Maybe<Scalars['Int']['output']>;
  groups?: Maybe<Array<AccountGroupCount>>;
  nodes: Array<Account>;
  pageInfo: PageInfo;
  totalCount?: Maybe<Scalars['Int']['output']>;
};


export type AccountConnectionGroupCountArgs = {
  by: Array<AccountDimension>;
};


export type AccountConnectionGroupsArgs = {
  by: Array<AccountDimension>;
  fill?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  having?: InputMaybe<IntFilter>;
  orderBy?: InputMaybe<Array<GroupOrder>>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type AccountCountFilter = {
  eq?: InputMaybe<Scalars['Int']['input']>;
  gt?: InputMaybe<Scalars['Int']['input']>;
  gte?: InputMaybe<Scalars['Int']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<Scalars['Int']['input']>;
  lte?: InputMaybe<Scalars['Int']['input']>;
  ne?: InputMaybe<Scalars['Int']['input']>;
  where?: InputMaybe<AccountFilter>;
};

export type AccountDimension =
  | 'APP_APPROVAL_STATUS'
  | 'APP_ID'
  | 'APP_LABELS'
  | 'APP_NAME'
  | 'APP_SENSITIVITY_LEVEL'
  | 'APP_TYPE'
  | 'CONNECTOR'
  | 'CREATED_DAY'
  | 'CREATED_HOUR'
  | 'CREATED_MONTH'
  | 'CREATED_WEEK'
  | 'EMAIL'
  | 'EMPLOYEE_DEPARTMENT'
  | 'EMPLOYEE_EMAIL'
  | 'EMPLOYEE_GROUPS'
  | 'EMPLOYEE_ID'
  | 'EMPLOYEE_LICENSED'
  | 'EMPLOYEE_LOCATION'
  | 'FED_CM_LOGIN'
  | 'ID'
  | 'LAST_PASSWORD_LOGIN_DAY'
  | 'LAST_PASSWORD_LOGIN_HOUR'
  | 'LAST_PASSWORD_LOGIN_MONTH'
  | 'LAST_PASSWORD_LOGIN_WEEK'
  | 'LAST_USED_DAY'
  | 'LAST_USED_HOUR'
  | 'LAST_USED_MONTH'
  | 'LAST_USED_WEEK'
  | 'MFA_METHODS'
  | 'MFA_REGISTERED'
  | 'OIDC_LOGIN'
  | 'OKTA_SWA_LOGIN'
  | 'PASSWORD_ID'
  | 'PASSWORD_LOGIN'
  | 'SAML_LOGIN'
  | 'VENDOR_SSO_LOGIN';

export type AccountEdge = {
  __typename?: 'AccountEdge';
  cursor: Scalars['String']['output'];
  node: Account;
};

export type AccountFilter = {
  and?: InputMaybe<Array<AccountFilter>>;
  app?: InputMaybe<AppFilter>;
  appId?: InputMaybe<IdFilter>;
  appType?: InputMaybe<StringFilter>;
  connectorAlias?: InputMaybe<StringFilter>;
  createdAt?: InputMaybe<DateTimeFilter>;
  email?: InputMaybe<StringFilter>;
  employee?: InputMaybe<EmployeeFilter>;
  employeeId?: InputMaybe<IdFilter>;
  exists?: InputMaybe<Scalars['Boolean']['input']>;
  findings?: InputMaybe<FindingListFilter>;
  id?: InputMaybe<IdFilter>;
  lastUsedAt?: InputMaybe<DateTimeFilter>;
  loginMethods?: InputMaybe<LoginMethodsFilter>;
  mfaMethods?: InputMaybe<MfaMethodListFilter>;
  mfaMethodsRaw?: InputMaybe<StringListFilter>;
  mfaRegistered?: InputMaybe<BooleanFilter>;
  not?: InputMaybe<AccountFilter>;
  or?: InputMaybe<Array<AccountFilter>>;
  passwordId?: InputMaybe<IdFilter>;
  passwordPeers?: InputMaybe<AccountListFilter>;
};

export type AccountGroupCount = GroupCount & {
  __typename?: 'AccountGroupCount';
  count: Scalars['Int']['output'];
  distinct: Scalars['Int']['output'];
  keys: Array<Maybe<Scalars['String']['output']>>;
  share: Scalars['Float']['output'];
  time?: Maybe<Scalars['DateTime']['output']>;
};


export type AccountGroupCountDistinctArgs = {
  of: AccountDimension;
};


export type AccountGroupCountShareArgs = {
  where: AccountFilter;
};

export type AccountListFilter = {
  count?: InputMaybe<AccountCountFilter>;
  every?: InputMaybe<AccountFilter>;
  none?: InputMaybe<AccountFilter>;
  some?: InputMaybe<AccountFilter>;
};

export type AccountLoginMethod =
  | 'FEDCM'
  | 'OIDC'
  | 'OKTA_SWA'
  | 'SAML'
  | 'USERNAME_PASSWORD';

export type AccountOrder = {
  direction?: OrderDirection;
  field: AccountOrderField;
};

export type AccountOrderField =
  | 'APP_ID'
  | 'APP_TYPE'
  | 'CREATED_AT'
  | 'EMAIL'
  | 'EMPLOYEE_ID'
  | 'FED_CM_LOGIN'
  | 'FINDINGS_COUNT'
  | 'ID'
  | 'LAST_PASSWORD_LOGIN_AT'
  | 'LAST_USED_AT'
  | 'MFA_REGISTERED'
  | 'OIDC_LOGIN'
  | 'OKTA_SWA_LOGIN'
  | 'PASSWORD_ID'
  | 'PASSWORD_LOGIN'
  | 'PASSWORD_PEERS_COUNT'
  | 'SAML_LOGIN'
  | 'VENDOR_SSO_LOGIN';

export type App = Entity & {
  __typename?: 'App';
  accounts?: Maybe<AccountConnection>;
  approvalStatus?: Maybe<AppApprovalStatus>;
  approvalStatusRaw?: Maybe<Scalars['String']['output']>;
  changes?: Maybe<ChangeConnection>;
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  createdAt: Scalars['DateTime']['output'];
  description?: Maybe<Scalars['String']['output']>;
  findings?: Maybe<FindingConnection>;
  friendlyName?: Maybe<Scalars['String']['output']>;
  history?: Maybe<EventConnection>;
  id: Scalars['ID']['output'];
  labels?: Maybe<Array<Scalars['String']['output']>>;
  name: Scalars['String']['output'];
  notes?: Maybe<Scalars['String']['output']>;
  ocsf?: Maybe<OcsfEvent>;
  owner?: Maybe<Employee>;
  ownerId?: Maybe<Scalars['ID']['output']>;
  revision: Scalars['String']['output'];
  sensitivityLevel?: Maybe<AppSensitivityLevel>;
  sensitivityLevelRaw?: Maybe<Scalars['String']['output']>;
  timeline?: Maybe<TimelineConnection>;
  type: Scalars['String']['output'];
  website?: Maybe<Scalars['String']['output']>;
};


export type AppAccountsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AccountFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<AccountOrder>>;
};


export type AppChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ChangeFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<ChangeOrder>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


export type AppFindingsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<FindingFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<FindingOrder>>;
};


export type AppHistoryArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<EventOrder>>;
};


export type AppOcsfArgs = {
  version?: InputMaybe<OcsfVersion>;
};


export type AppTimelineArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<Array<TimelineKind>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type AppApprovalStatus =
  | 'APPROVED'
  | 'NOT_APPROVED'
  | 'UNDER_REVIEW'
  | 'UNRECOGNIZED';

export type AppApprovalStatusFilter = {
  eq?: InputMaybe<AppApprovalStatus>;
  in?: InputMaybe<Array<AppApprovalStatus>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<AppApprovalStatus>;
  notIn?: InputMaybe<Array<AppApprovalStatus>>;
};

export type AppConnection = {
  __typename?: 'AppConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<AppEdge>;
  groupCount?: Maybe<Scalars['Int']['output']>;
  groups?: Maybe<Array<AppGroupCount>>;
  nodes: Array<App>;
  pageInfo: PageInfo;
  totalCount?: Maybe<Scalars['Int']['output']>;
};


export type AppConnectionGroupCountArgs = {
  by: Array<AppDimension>;
};


export type AppConnectionGroupsArgs = {
  by: Array<AppDimension>;
  fill?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  having?: InputMaybe<IntFilter>;
  orderBy?: InputMaybe<Array<GroupOrder>>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type AppCountFilter = {
  eq?: InputMaybe<Scalars['Int']['input']>;
  gt?: InputMaybe<Scalars['Int']['input']>;
  gte?: InputMaybe<Scalars['Int']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<Scalars['Int']['input']>;
  lte?: InputMaybe<Scalars['Int']['input']>;
  ne?: InputMaybe<Scalars['Int']['input']>;
  where?: InputMaybe<AppFilter>;
};

export type AppDimension =
  | 'APPROVAL_STATUS'
  | 'CONNECTOR'
  | 'CREATED_DAY'
  | 'CREATED_HOUR'
  | 'CREATED_MONTH'
  | 'CREATED_WEEK'
  | 'DESCRIPTION'
  | 'FRIENDLY_NAME'
  | 'ID'
  | 'LABELS'
  | 'NAME'
  | 'NOTES'
  | 'OWNER_DEPARTMENT'
  | 'OWNER_EMAIL'
  | 'OWNER_GROUPS'
  | 'OWNER_ID'
  | 'OWNER_LICENSED'
  | 'OWNER_LOCATION'
  | 'SENSITIVITY_LEVEL'
  | 'TYPE'
  | 'WEBSITE';

export type AppEdge = {
  __typename?: 'AppEdge';
  cursor: Scalars['String']['output'];
  node: App;
};

export type AppFilter = {
  accounts?: InputMaybe<AccountListFilter>;
  and?: InputMaybe<Array<AppFilter>>;
  approvalStatus?: InputMaybe<AppApprovalStatusFilter>;
  approvalStatusRaw?: InputMaybe<StringFilter>;
  connectorAlias?: InputMaybe<StringFilter>;
  createdAt?: InputMaybe<DateTimeFilter>;
  description?: InputMaybe<StringFilter>;
  exists?: InputMaybe<Scalars['Boolean']['input']>;
  findings?: InputMaybe<FindingListFilter>;
  friendlyName?: InputMaybe<StringFilter>;
  id?: InputMaybe<IdFilter>;
  labels?: InputMaybe<StringListFilter>;
  name?: InputMaybe<StringFilter>;
  not?: InputMaybe<AppFilter>;
  notes?: InputMaybe<StringFilter>;
  or?: InputMaybe<Array<AppFilter>>;
  owner?: InputMaybe<EmployeeFilter>;
  ownerId?: InputMaybe<IdFilter>;
  sensitivityLevel?: InputMaybe<AppSensitivityLevelFilter>;
  sensitivityLevelRaw?: InputMaybe<StringFilter>;
  type?: InputMaybe<StringFilter>;
  website?: InputMaybe<StringFilter>;
};

export type AppGroupCount = GroupCount & {
  __typename?: 'AppGroupCount';
  count: Scalars['Int']['output'];
  distinct: Scalars['Int']['output'];
  keys: Array<Maybe<Scalars['String']['output']>>;
  share: Scalars['Float']['output'];
  time?: Maybe<Scalars['DateTime']['output']>;
};


export type AppGroupCountDistinctArgs = {
  of: AppDimension;
};


export type AppGroupCountShareArgs = {
  where: AppFilter;
};

export type AppListFilter = {
  count?: InputMaybe<AppCountFilter>;
  every?: InputMaybe<AppFilter>;
  none?: InputMaybe<AppFilter>;
  some?: InputMaybe<AppFilter>;
};

export type AppOrder = {
  direction?: OrderDirection;
  field: AppOrderField;
};

export type AppOrderField =
  | 'ACCOUNTS_COUNT'
  | 'APPROVAL_STATUS'
  | 'CREATED_AT'
  | 'DESCRIPTION'
  | 'FINDINGS_COUNT'
  | 'FRIENDLY_NAME'
  | 'ID'
  | 'NAME'
  | 'NOTES'
  | 'OWNER_ID'
  | 'SENSITIVITY_LEVEL'
  | 'TYPE'
  | 'WEBSITE';

export type AppSensitivityLevel =
  | 'HIGH'
  | 'LOW'
  | 'MEDIUM'
  | 'UNRECOGNIZED';

export type AppSensitivityLevelFilter = {
  eq?: InputMaybe<AppSensitivityLevel>;
  gt?: InputMaybe<AppSensitivityLevel>;
  gte?: InputMaybe<AppSensitivityLevel>;
  in?: InputMaybe<Array<AppSensitivityLevel>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<AppSensitivityLevel>;
  lte?: InputMaybe<AppSensitivityLevel>;
  ne?: InputMaybe<AppSensitivityLevel>;
  notIn?: InputMaybe<Array<AppSensitivityLevel>>;
};

export type AuditEvent = Entity & Event & {
  __typename?: 'AuditEvent';
  account?: Maybe<Account>;
  accountId?: Maybe<Scalars['ID']['output']>;
  actor?: Maybe<EventActor>;
  app?: Maybe<App>;
  appId?: Maybe<Scalars['ID']['output']>;
  category: EventCategory;
  categoryRaw: Scalars['String']['output'];
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  cursor: Scalars['String']['output'];
  description?: Maybe<Scalars['String']['output']>;
  email?: Maybe<Scalars['String']['output']>;
  employee?: Maybe<Employee>;
  employeeId?: Maybe<Scalars['ID']['output']>;
  entityId?: Maybe<Scalars['ID']['output']>;
  id: Scalars['ID']['output'];
  inferred?: Maybe<Array<Scalars['String']['output']>>;
  new?: Maybe<Scalars['JSON']['output']>;
  object: Scalars['String']['output'];
  objectName?: Maybe<Scalars['String']['output']>;
  occurredAt: Scalars['DateTime']['output'];
  ocsf?: Maybe<OcsfEvent>;
  payload?: Maybe<Scalars['JSON']['output']>;
  receivedAt: Scalars['DateTime']['output'];
  sourceIpAddress?: Maybe<Scalars['String']['output']>;
  type?: Maybe<ChangeType>;
  typeRaw?: Maybe<Scalars['String']['output']>;
  url?: Maybe<Scalars['String']['output']>;
};


export type AuditEventOcsfArgs = {
  rawData?: InputMaybe<Scalars['Boolean']['input']>;
  version?: InputMaybe<OcsfVersion>;
};

export type BooleanFilter = {
  eq?: InputMaybe<Scalars['Boolean']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
};

export type Browser = Entity & {
  __typename?: 'Browser';
  browser: BrowserName;
  browserExtensions?: Maybe<BrowserExtensionConnection>;
  browserRaw: Scalars['String']['output'];
  changes?: Maybe<ChangeConnection>;
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  createdAt: Scalars['DateTime']['output'];
  detections?: Maybe<DetectionConnection>;
  email?: Maybe<Scalars['String']['output']>;
  employee?: Maybe<Employee>;
  employeeId?: Maybe<Scalars['ID']['output']>;
  extensionVersion?: Maybe<Scalars['String']['output']>;
  history?: Maybe<EventConnection>;
  id: Scalars['ID']['output'];
  isActive: Scalars['Boolean']['output'];
  language?: Maybe<Scalars['String']['output']>;
  lastOnlineAt?: Maybe<Scalars['DateTime']['output']>;
  ocsf?: Maybe<OcsfInventoryInfo>;
  os: OperatingSystem;
  osRaw: Scalars['String']['output'];
  profileEmail?: Maybe<Scalars['String']['output']>;
  profileSyncEnabled?: Maybe<Scalars['Boolean']['output']>;
  timeline?: Maybe<TimelineConnection>;
  tokenType: BrowserTokenType;
  tokenTypeRaw: Scalars['String']['output'];
  version?: Maybe<Scalars['String']['output']>;
};


export type BrowserBrowserExtensionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<BrowserExtensionFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<BrowserExtensionOrder>>;
};


export type BrowserChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ChangeFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<ChangeOrder>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


export type BrowserDetectionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<DetectionFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<DetectionOrder>>;
};


export type BrowserHistoryArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<EventOrder>>;
};


export type BrowserOcsfArgs = {
  version?: InputMaybe<OcsfVersion>;
};


export type BrowserTimelineArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<Array<TimelineKind>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type BrowserConnection = {
  __typename?: 'BrowserConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<BrowserEdge>;
  groupCount?: Maybe<Scalars['Int']['output']>;
  groups?: Maybe<Array<BrowserGroupCount>>;
  nodes: Array<Browser>;
  pageInfo: PageInfo;
  totalCount?: Maybe<Scalars['Int']['output']>;
};


export type BrowserConnectionGroupCountArgs = {
  by: Array<BrowserDimension>;
};


export type BrowserConnectionGroupsArgs = {
  by: Array<BrowserDimension>;
  fill?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  having?: InputMaybe<IntFilter>;
  orderBy?: InputMaybe<Array<GroupOrder>>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type BrowserCountFilter = {
  eq?: InputMaybe<Scalars['Int']['input']>;
  gt?: InputMaybe<Scalars['Int']['input']>;
  gte?: InputMaybe<Scalars['Int']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<Scalars['Int']['input']>;
  lte?: InputMaybe<Scalars['Int']['input']>;
  ne?: InputMaybe<Scalars['Int']['input']>;
  where?: InputMaybe<BrowserFilter>;
};

export type BrowserDimension =
  | 'BROWSER'
  | 'CONNECTOR'
  | 'CREATED_DAY'
  | 'CREATED_HOUR'
  | 'CREATED_MONTH'
  | 'CREATED_WEEK'
  | 'EMAIL'
  | 'EMPLOYEE_DEPARTMENT'
  | 'EMPLOYEE_EMAIL'
  | 'EMPLOYEE_GROUPS'
  | 'EMPLOYEE_ID'
  | 'EMPLOYEE_LICENSED'
  | 'EMPLOYEE_LOCATION'
  | 'EXTENSION_VERSION'
  | 'ID'
  | 'IS_ACTIVE'
  | 'LANGUAGE'
  | 'LAST_ONLINE_DAY'
  | 'LAST_ONLINE_HOUR'
  | 'LAST_ONLINE_MONTH'
  | 'LAST_ONLINE_WEEK'
  | 'OS'
  | 'PROFILE_EMAIL'
  | 'PROFILE_SYNC_ENABLED'
  | 'TOKEN_TYPE'
  | 'VERSION';

export type BrowserEdge = {
  __typename?: 'BrowserEdge';
  cursor: Scalars['String']['output'];
  node: Browser;
};

export type BrowserExtension = Entity & {
  __typename?: 'BrowserExtension';
  browser?: Maybe<Browser>;
  browserId?: Maybe<Scalars['ID']['output']>;
  changes?: Maybe<ChangeConnection>;
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  deploymentMode?: Maybe<ExtensionDeploymentMode>;
  deploymentModeRaw?: Maybe<Scalars['String']['output']>;
  description?: Maybe<Scalars['String']['output']>;
  employee?: Maybe<Employee>;
  employeeId?: Maybe<Scalars['ID']['output']>;
  enabled?: Maybe<Scalars['Boolean']['output']>;
  extensionId: Scalars['ID']['output'];
  history?: Maybe<EventConnection>;
  hostPermissions?: Maybe<Array<Scalars['String']['output']>>;
  id: Scalars['ID']['output'];
  name?: Maybe<Scalars['String']['output']>;
  ocsf?: Maybe<OcsfEvent>;
  permissions?: Maybe<Array<Scalars['String']['output']>>;
  timeline?: Maybe<TimelineConnection>;
};


export type BrowserExtensionChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ChangeFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<ChangeOrder>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


export type BrowserExtensionHistoryArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<EventOrder>>;
};


export type BrowserExtensionOcsfArgs = {
  version?: InputMaybe<OcsfVersion>;
};


export type BrowserExtensionTimelineArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<Array<TimelineKind>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type BrowserExtensionConnection = {
  __typename?: 'BrowserExtensionConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<BrowserExtensionEdge>;
  groupCount?: Maybe<Scalars['Int']['output']>;
  groups?: Maybe<Array<BrowserExtensionGroupCount>>;
  nodes: Array<BrowserExtension>;
  pageInfo: PageInfo;
  totalCount?: Maybe<Scalars['Int']['output']>;
};


export type BrowserExtensionConnectionGroupCountArgs = {
  by: Array<BrowserExtensionDimension>;
};


export type BrowserExtensionConnectionGroupsArgs = {
  by: Array<BrowserExtensionDimension>;
  fill?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  having?: InputMaybe<IntFilter>;
  orderBy?: InputMaybe<Array<GroupOrder>>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type BrowserExtensionCountFilter = {
  eq?: InputMaybe<Scalars['Int']['input']>;
  gt?: InputMaybe<Scalars['Int']['input']>;
  gte?: InputMaybe<Scalars['Int']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<Scalars['Int']['input']>;
  lte?: InputMaybe<Scalars['Int']['input']>;
  ne?: InputMaybe<Scalars['Int']['input']>;
  where?: InputMaybe<BrowserExtensionFilter>;
};

export type BrowserExtensionDimension =
  | 'BROWSER_BROWSER'
  | 'BROWSER_ID'
  | 'BROWSER_IS_ACTIVE'
  | 'BROWSER_OS'
  | 'CONNECTOR'
  | 'DEPLOYMENT_MODE'
  | 'DESCRIPTION'
  | 'EMPLOYEE_DEPARTMENT'
  | 'EMPLOYEE_EMAIL'
  | 'EMPLOYEE_GROUPS'
  | 'EMPLOYEE_ID'
  | 'EMPLOYEE_LICENSED'
  | 'EMPLOYEE_LOCATION'
  | 'ENABLED'
  | 'EXTENSION_ID'
  | 'HOST_PERMISSIONS'
  | 'ID'
  | 'NAME'
  | 'PERMISSIONS';

export type BrowserExtensionEdge = {
  __typename?: 'BrowserExtensionEdge';
  cursor: Scalars['String']['output'];
  node: BrowserExtension;
};

export type BrowserExtensionFilter = {
  and?: InputMaybe<Array<BrowserExtensionFilter>>;
  browser?: InputMaybe<BrowserFilter>;
  browserId?: InputMaybe<IdFilter>;
  connectorAlias?: InputMaybe<StringFilter>;
  deploymentMode?: InputMaybe<ExtensionDeploymentModeFilter>;
  deploymentModeRaw?: InputMaybe<StringFilter>;
  description?: InputMaybe<StringFilter>;
  employee?: InputMaybe<EmployeeFilter>;
  employeeId?: InputMaybe<IdFilter>;
  enabled?: InputMaybe<BooleanFilter>;
  extensionId?: InputMaybe<IdFilter>;
  hostPermissions?: InputMaybe<StringListFilter>;
  id?: InputMaybe<IdFilter>;
  name?: InputMaybe<StringFilter>;
  not?: InputMaybe<BrowserExtensionFilter>;
  or?: InputMaybe<Array<BrowserExtensionFilter>>;
  permissions?: InputMaybe<StringListFilter>;
};

export type BrowserExtensionGroupCount = GroupCount & {
  __typename?: 'BrowserExtensionGroupCount';
  count: Scalars['Int']['output'];
  distinct: Scalars['Int']['output'];
  keys: Array<Maybe<Scalars['String']['output']>>;
  share: Scalars['Float']['output'];
  time?: Maybe<Scalars['DateTime']['output']>;
};


export type BrowserExtensionGroupCountDistinctArgs = {
  of: BrowserExtensionDimension;
};


export type BrowserExtensionGroupCountShareArgs = {
  where: BrowserExtensionFilter;
};

export type BrowserExtensionListFilter = {
  count?: InputMaybe<BrowserExtensionCountFilter>;
  every?: InputMaybe<BrowserExtensionFilter>;
  none?: InputMaybe<BrowserExtensionFilter>;
  some?: InputMaybe<BrowserExtensionFilter>;
};

export type BrowserExtensionOrder = {
  direction?: OrderDirection;
  field: BrowserExtensionOrderField;
};

export type BrowserExtensionOrderField =
  | 'BROWSER_ID'
  | 'DEPLOYMENT_MODE'
  | 'DESCRIPTION'
  | 'EMPLOYEE_ID'
  | 'ENABLED'
  | 'EXTENSION_ID'
  | 'ID'
  | 'NAME';

export type BrowserFilter = {
  and?: InputMaybe<Array<BrowserFilter>>;
  browser?: InputMaybe<BrowserNameFilter>;
  browserExtensions?: InputMaybe<BrowserExtensionListFilter>;
  browserRaw?: InputMaybe<StringFilter>;
  connectorAlias?: InputMaybe<StringFilter>;
  createdAt?: InputMaybe<DateTimeFilter>;
  detections?: InputMaybe<DetectionListFilter>;
  email?: InputMaybe<StringFilter>;
  employee?: InputMaybe<EmployeeFilter>;
  employeeId?: InputMaybe<IdFilter>;
  exists?: InputMaybe<Scalars['Boolean']['input']>;
  extensionVersion?: InputMaybe<VersionFilter>;
  id?: InputMaybe<IdFilter>;
  isActive?: InputMaybe<BooleanFilter>;
  language?: InputMaybe<StringFilter>;
  lastOnlineAt?: InputMaybe<DateTimeFilter>;
  not?: InputMaybe<BrowserFilter>;
  or?: InputMaybe<Array<BrowserFilter>>;
  os?: InputMaybe<OperatingSystemFilter>;
  osRaw?: InputMaybe<StringFilter>;
  profileEmail?: InputMaybe<StringFilter>;
  profileSyncEnabled?: InputMaybe<BooleanFilter>;
  tokenType?: InputMaybe<BrowserTokenTypeFilter>;
  tokenTypeRaw?: InputMaybe<StringFilter>;
  version?: InputMaybe<VersionFilter>;
};

export type BrowserGroupCount = GroupCount & {
  __typename?: 'BrowserGroupCount';
  count: Scalars['Int']['output'];
  distinct: Scalars['Int']['output'];
  keys: Array<Maybe<Scalars['String']['output']>>;
  share: Scalars['Float']['output'];
  time?: Maybe<Scalars['DateTime']['output']>;
};


export type BrowserGroupCountDistinctArgs = {
  of: BrowserDimension;
};


export type BrowserGroupCountShareArgs = {
  where: BrowserFilter;
};

export type BrowserListFilter = {
  count?: InputMaybe<BrowserCountFilter>;
  every?: InputMaybe<BrowserFilter>;
  none?: InputMaybe<BrowserFilter>;
  some?: InputMaybe<BrowserFilter>;
};

export type BrowserName =
  | 'ARC'
  | 'BRAVE'
  | 'CHROME'
  | 'EDGE'
  | 'FIREFOX'
  | 'OPERA'
  | 'SAFARI'
  | 'UNKNOWN'
  | 'UNRECOGNIZED';

export type BrowserNameFilter = {
  eq?: InputMaybe<BrowserName>;
  in?: InputMaybe<Array<BrowserName>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<BrowserName>;
  notIn?: InputMaybe<Array<BrowserName>>;
};

export type BrowserOrder = {
  direction?: OrderDirection;
  field: BrowserOrderField;
};

export type BrowserOrderField =
  | 'BROWSER'
  | 'BROWSER_EXTENSIONS_COUNT'
  | 'CREATED_AT'
  | 'DETECTIONS_COUNT'
  | 'EMAIL'
  | 'EMPLOYEE_ID'
  | 'EXTENSION_VERSION'
  | 'ID'
  | 'IS_ACTIVE'
  | 'LANGUAGE'
  | 'LAST_ONLINE_AT'
  | 'OS'
  | 'PROFILE_EMAIL'
  | 'PROFILE_SYNC_ENABLED'
  | 'TOKEN_TYPE'
  | 'VERSION';

export type BrowserTokenType =
  | 'INDIVIDUAL'
  | 'TEAM'
  | 'UNRECOGNIZED';

export type BrowserTokenTypeFilter = {
  eq?: InputMaybe<BrowserTokenType>;
  in?: InputMaybe<Array<BrowserTokenType>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<BrowserTokenType>;
  notIn?: InputMaybe<Array<BrowserTokenType>>;
};

export type Capability = {
  __typename?: 'Capability';
  name: Scalars['String']['output'];
  verdict: Scalars['String']['output'];
};

export type Change = {
  __typename?: 'Change';
  at: Scalars['DateTime']['output'];
  collection: Collection;
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  cursor: Scalars['String']['output'];
  field?: Maybe<Scalars['String']['output']>;
  id: Scalars['ID']['output'];
  kind: ChangeKind;
  learntFrom: ChangeSource;
  new?: Maybe<Scalars['JSON']['output']>;
  object?: Maybe<Entity>;
  objectId: Scalars['ID']['output'];
  old?: Maybe<Scalars['JSON']['output']>;
};

export type ChangeConnection = {
  __typename?: 'ChangeConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<ChangeEdge>;
  groupCount?: Maybe<Scalars['Int']['output']>;
  groups?: Maybe<Array<ChangeGroupCount>>;
  nodes: Array<Change>;
  pageInfo: PageInfo;
  totalCount?: Maybe<Scalars['Int']['output']>;
};


export type ChangeConnectionGroupCountArgs = {
  by: Array<ChangeDimension>;
};


export type ChangeConnectionGroupsArgs = {
  by: Array<ChangeDimension>;
  fill?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  having?: InputMaybe<IntFilter>;
  orderBy?: InputMaybe<Array<GroupOrder>>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type ChangeDimension =
  | 'AT_DAY'
  | 'AT_HOUR'
  | 'AT_MONTH'
  | 'AT_WEEK'
  | 'COLLECTION'
  | 'CONNECTOR'
  | 'FIELD'
  | 'ID'
  | 'KIND'
  | 'LEARNT_FROM'
  | 'OBJECT_ID';

export type ChangeEdge = {
  __typename?: 'ChangeEdge';
  cursor: Scalars['String']['output'];
  node: Change;
};

export type ChangeFilter = {
  and?: InputMaybe<Array<ChangeFilter>>;
  at?: InputMaybe<DateTimeFilter>;
  collection?: InputMaybe<CollectionFilter>;
  connectorAlias?: InputMaybe<StringFilter>;
  field?: InputMaybe<StringFilter>;
  id?: InputMaybe<IdFilter>;
  kind?: InputMaybe<ChangeKindFilter>;
  learntFrom?: InputMaybe<ChangeSourceFilter>;
  not?: InputMaybe<ChangeFilter>;
  objectId?: InputMaybe<IdFilter>;
  or?: InputMaybe<Array<ChangeFilter>>;
};

export type ChangeGroupCount = GroupCount & {
  __typename?: 'ChangeGroupCount';
  count: Scalars['Int']['output'];
  distinct: Scalars['Int']['output'];
  keys: Array<Maybe<Scalars['String']['output']>>;
  share: Scalars['Float']['output'];
  time?: Maybe<Scalars['DateTime']['output']>;
};


export type ChangeGroupCountDistinctArgs = {
  of: ChangeDimension;
};


export type ChangeGroupCountShareArgs = {
  where: ChangeFilter;
};

export type ChangeKind =
  | 'CREATED'
  | 'DELETED'
  | 'UPDATED';

export type ChangeKindFilter = {
  eq?: InputMaybe<ChangeKind>;
  in?: InputMaybe<Array<ChangeKind>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<ChangeKind>;
  notIn?: InputMaybe<Array<ChangeKind>>;
};

export type ChangeOrder = {
  direction?: OrderDirection;
  field: ChangeOrderField;
};

export type ChangeOrderField =
  | 'AT'
  | 'COLLECTION'
  | 'FIELD'
  | 'ID'
  | 'KIND'
  | 'LEARNT_FROM'
  | 'OBJECT_ID';

export type ChangeSource =
  | 'EVENT'
  | 'READ';

export type ChangeSourceFilter = {
  eq?: InputMaybe<ChangeSource>;
  in?: InputMaybe<Array<ChangeSource>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<ChangeSource>;
  notIn?: InputMaybe<Array<ChangeSource>>;
};

export type ChangeType =
  | 'CREATE'
  | 'DELETE'
  | 'UNRECOGNIZED'
  | 'UPDATE';

export type ChangeTypeFilter = {
  eq?: InputMaybe<ChangeType>;
  in?: InputMaybe<Array<ChangeType>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<ChangeType>;
  notIn?: InputMaybe<Array<ChangeType>>;
};

export type Collection =
  | 'ACCOUNTS'
  | 'APPS'
  | 'BROWSERS'
  | 'BROWSER_EXTENSIONS'
  | 'DETECTIONS'
  | 'EMPLOYEES'
  | 'FINDINGS';

export type CollectionFilter = {
  eq?: InputMaybe<Collection>;
  in?: InputMaybe<Array<Collection>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<Collection>;
  notIn?: InputMaybe<Array<Collection>>;
};

export type Connector = {
  __typename?: 'Connector';
  alias: Scalars['String']['output'];
  capabilities: Array<Capability>;
  database?: Maybe<SharedDatabase>;
  eventStore: EventStore;
  rateLimit: RateLimit;
  reason?: Maybe<Scalars['String']['output']>;
  sinks: Array<Sink>;
  status: ConnectorStatus;
  store: Array<StoredCollection>;
};

export type ConnectorStatus =
  | 'DEGRADED'
  | 'FAILING'
  | 'OK';

export type ControlEvent = Entity & Event & {
  __typename?: 'ControlEvent';
  account?: Maybe<Account>;
  accountId?: Maybe<Scalars['ID']['output']>;
  action?: Maybe<Scalars['String']['output']>;
  app?: Maybe<App>;
  appId?: Maybe<Scalars['ID']['output']>;
  appType?: Maybe<Scalars['String']['output']>;
  browser?: Maybe<BrowserName>;
  browserRaw?: Maybe<Scalars['String']['output']>;
  category: EventCategory;
  categoryRaw: Scalars['String']['output'];
  clonedLoginPageType?: Maybe<Scalars['String']['output']>;
  clonedLoginPageUrls?: Maybe<Array<Scalars['String']['output']>>;
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  cursor: Scalars['String']['output'];
  description?: Maybe<Scalars['String']['output']>;
  email?: Maybe<Scalars['String']['output']>;
  employee?: Maybe<Employee>;
  employeeId?: Maybe<Scalars['ID']['output']>;
  entityId?: Maybe<Scalars['ID']['output']>;
  id: Scalars['ID']['output'];
  indicator?: Maybe<Scalars['String']['output']>;
  inferred?: Maybe<Array<Scalars['String']['output']>>;
  mode?: Maybe<ControlMode>;
  modeRaw?: Maybe<Scalars['String']['output']>;
  new?: Maybe<Scalars['JSON']['output']>;
  notice?: Maybe<ControlNotice>;
  object: Scalars['String']['output'];
  objectName?: Maybe<Scalars['String']['output']>;
  occurredAt: Scalars['DateTime']['output'];
  ocsf?: Maybe<OcsfEvent>;
  os?: Maybe<OperatingSystem>;
  osRaw?: Maybe<Scalars['String']['output']>;
  payload?: Maybe<Scalars['JSON']['output']>;
  reason?: Maybe<Scalars['String']['output']>;
  receivedAt: Scalars['DateTime']['output'];
  referrerUrl?: Maybe<Scalars['String']['output']>;
  sourceIpAddress?: Maybe<Scalars['String']['output']>;
  type?: Maybe<ChangeType>;
  typeRaw?: Maybe<Scalars['String']['output']>;
  url?: Maybe<Scalars['String']['output']>;
  userAgent?: Maybe<Scalars['String']['output']>;
};


export type ControlEventOcsfArgs = {
  rawData?: InputMaybe<Scalars['Boolean']['input']>;
  version?: InputMaybe<OcsfVersion>;
};

export type ControlMode =
  | 'ACKNOWLEDGE'
  | 'BLOCK'
  | 'INFORM'
  | 'MONITOR'
  | 'OFF'
  | 'REASON'
  | 'UNRECOGNIZED'
  | 'WARN';

export type ControlModeFilter = {
  eq?: InputMaybe<ControlMode>;
  in?: InputMaybe<Array<ControlMode>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<ControlMode>;
  notIn?: InputMaybe<Array<ControlMode>>;
};

export type ControlNotice = {
  __typename?: 'ControlNotice';
  allowReasonSubmission?: Maybe<Scalars['Boolean']['output']>;
  buttonText?: Maybe<Scalars['String']['output']>;
  mode?: Maybe<ControlMode>;
  modeRaw?: Maybe<Scalars['String']['output']>;
  subtext?: Maybe<Scalars['String']['output']>;
  title?: Maybe<Scalars['String']['output']>;
};

export type DateTimeFilter = {
  eq?: InputMaybe<Scalars['DateTime']['input']>;
  gt?: InputMaybe<Scalars['DateTime']['input']>;
  gte?: InputMaybe<Scalars['DateTime']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<Scalars['DateTime']['input']>;
  lte?: InputMaybe<Scalars['DateTime']['input']>;
  ne?: InputMaybe<Scalars['DateTime']['input']>;
  olderThan?: InputMaybe<Scalars['Duration']['input']>;
  within?: InputMaybe<Scalars['Duration']['input']>;
};

export type DeleteAccountInput = {
  clientMutationId?: InputMaybe<Scalars['String']['input']>;
  connector?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
  ifUnchangedSince?: InputMaybe<Scalars['String']['input']>;
};

export type DeleteAccountPayload = {
  __typename?: 'DeleteAccountPayload';
  account?: Maybe<Account>;
  clientMutationId?: Maybe<Scalars['String']['output']>;
  deletedAccountId?: Maybe<Scalars['ID']['output']>;
};

export type Detection = Entity & {
  __typename?: 'Detection';
  archived: Scalars['Boolean']['output'];
  browser?: Maybe<Browser>;
  browserId?: Maybe<Scalars['ID']['output']>;
  changes?: Maybe<ChangeConnection>;
  classification?: Maybe<Scalars['String']['output']>;
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  createdAt: Scalars['DateTime']['output'];
  detectionLink?: Maybe<Scalars['String']['output']>;
  detectionType: DetectionType;
  detectionTypeRaw: Scalars['String']['output'];
  employee?: Maybe<Employee>;
  employeeId?: Maybe<Scalars['ID']['output']>;
  events?: Maybe<Array<DetectionEvent>>;
  history?: Maybe<EventConnection>;
  id: Scalars['ID']['output'];
  lastActivityAt?: Maybe<Scalars['DateTime']['output']>;
  ocsf?: Maybe<OcsfDetectionFinding>;
  response?: Maybe<Scalars['String']['output']>;
  revision: Scalars['String']['output'];
  severity: DetectionSeverity;
  severityRaw: Scalars['String']['output'];
  timeline?: Maybe<TimelineConnection>;
};


export type DetectionChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ChangeFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<ChangeOrder>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


export type DetectionHistoryArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<EventOrder>>;
};


export type DetectionOcsfArgs = {
  version?: InputMaybe<OcsfVersion>;
};


export type DetectionTimelineArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<Array<TimelineKind>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type DetectionChangeEvent = Entity & Event & {
  __typename?: 'DetectionChangeEvent';
  account?: Maybe<Account>;
  accountId?: Maybe<Scalars['ID']['output']>;
  app?: Maybe<App>;
  appId?: Maybe<Scalars['ID']['output']>;
  category: EventCategory;
  categoryRaw: Scalars['String']['output'];
  changes: Array<EventChange>;
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  cursor: Scalars['String']['output'];
  description?: Maybe<Scalars['String']['output']>;
  detection?: Maybe<Detection>;
  email?: Maybe<Scalars['String']['output']>;
  employee?: Maybe<Employee>;
  employeeId?: Maybe<Scalars['ID']['output']>;
  entityId?: Maybe<Scalars['ID']['output']>;
  id: Scalars['ID']['output'];
  inferred?: Maybe<Array<Scalars['String']['output']>>;
  new?: Maybe<Scalars['JSON']['output']>;
  object: Scalars['String']['output'];
  objectName?: Maybe<Scalars['String']['output']>;
  occurredAt: Scalars['DateTime']['output'];
  ocsf?: Maybe<OcsfEvent>;
  old?: Maybe<Scalars['JSON']['output']>;
  payload?: Maybe<Scalars['JSON']['output']>;
  receivedAt: Scalars['DateTime']['output'];
  sourceIpAddress?: Maybe<Scalars['String']['output']>;
  type?: Maybe<ChangeType>;
  typeRaw?: Maybe<Scalars['String']['output']>;
  url?: Maybe<Scalars['String']['output']>;
};


export type DetectionChangeEventOcsfArgs = {
  rawData?: InputMaybe<Scalars['Boolean']['input']>;
  version?: InputMaybe<OcsfVersion>;
};

export type DetectionConnection = {
  __typename?: 'DetectionConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<DetectionEdge>;
  groupCount?: Maybe<Scalars['Int']['output']>;
  groups?: Maybe<Array<DetectionGroupCount>>;
  nodes: Array<Detection>;
  pageInfo: PageInfo;
  totalCount?: Maybe<Scalars['Int']['output']>;
};


export type DetectionConnectionGroupCountArgs = {
  by: Array<DetectionDimension>;
};


export type DetectionConnectionGroupsArgs = {
  by: Array<DetectionDimension>;
  fill?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  having?: InputMaybe<IntFilter>;
  orderBy?: InputMaybe<Array<GroupOrder>>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type DetectionCountFilter = {
  eq?: InputMaybe<Scalars['Int']['input']>;
  gt?: InputMaybe<Scalars['Int']['input']>;
  gte?: InputMaybe<Scalars['Int']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<Scalars['Int']['input']>;
  lte?: InputMaybe<Scalars['Int']['input']>;
  ne?: InputMaybe<Scalars['Int']['input']>;
  where?: InputMaybe<DetectionFilter>;
};

export type DetectionDimension =
  | 'ARCHIVED'
  | 'BROWSER_BROWSER'
  | 'BROWSER_ID'
  | 'BROWSER_IS_ACTIVE'
  | 'BROWSER_OS'
  | 'CLASSIFICATION'
  | 'CONNECTOR'
  | 'CREATED_DAY'
  | 'CREATED_HOUR'
  | 'CREATED_MONTH'
  | 'CREATED_WEEK'
  | 'DETECTION_LINK'
  | 'DETECTION_TYPE'
  | 'EMPLOYEE_DEPARTMENT'
  | 'EMPLOYEE_EMAIL'
  | 'EMPLOYEE_GROUPS'
  | 'EMPLOYEE_ID'
  | 'EMPLOYEE_LICENSED'
  | 'EMPLOYEE_LOCATION'
  | 'ID'
  | 'LAST_ACTIVITY_DAY'
  | 'LAST_ACTIVITY_HOUR'
  | 'LAST_ACTIVITY_MONTH'
  | 'LAST_ACTIVITY_WEEK'
  | 'RESPONSE'
  | 'SEVERITY';

export type DetectionEdge = {
  __typename?: 'DetectionEdge';
  cursor: Scalars['String']['output'];
  node: Detection;
};

export type DetectionEvent = {
  __typename?: 'DetectionEvent';
  account?: Maybe<Account>;
  accountId?: Maybe<Scalars['ID']['output']>;
  appType?: Maybe<Scalars['String']['output']>;
  clonedLoginPageIndicator?: Maybe<Scalars['String']['output']>;
  clonedLoginPageUrls?: Maybe<Array<Scalars['String']['output']>>;
  controlMode?: Maybe<ControlMode>;
  controlModeRaw?: Maybe<Scalars['String']['output']>;
  createdAt: Scalars['DateTime']['output'];
  description?: Maybe<Scalars['String']['output']>;
  detectionEventType: Scalars['String']['output'];
  email?: Maybe<Scalars['String']['output']>;
  experimental?: Maybe<Scalars['Boolean']['output']>;
  id: Scalars['ID']['output'];
  metadata?: Maybe<Scalars['JSON']['output']>;
  metadataRaw?: Maybe<Scalars['String']['output']>;
  phishingToolIndicator?: Maybe<Scalars['String']['output']>;
  referrerUrl?: Maybe<Scalars['String']['output']>;
  response?: Maybe<Scalars['String']['output']>;
  sourceIpAddress?: Maybe<Scalars['String']['output']>;
  url?: Maybe<Scalars['String']['output']>;
};

export type DetectionEventCountFilter = {
  eq?: InputMaybe<Scalars['Int']['input']>;
  gt?: InputMaybe<Scalars['Int']['input']>;
  gte?: InputMaybe<Scalars['Int']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<Scalars['Int']['input']>;
  lte?: InputMaybe<Scalars['Int']['input']>;
  ne?: InputMaybe<Scalars['Int']['input']>;
  where?: InputMaybe<DetectionEventFilter>;
};

export type DetectionEventFilter = {
  account?: InputMaybe<AccountFilter>;
  accountId?: InputMaybe<IdFilter>;
  and?: InputMaybe<Array<DetectionEventFilter>>;
  appType?: InputMaybe<StringFilter>;
  clonedLoginPageIndicator?: InputMaybe<StringFilter>;
  clonedLoginPageUrls?: InputMaybe<StringListFilter>;
  controlMode?: InputMaybe<ControlModeFilter>;
  controlModeRaw?: InputMaybe<StringFilter>;
  createdAt?: InputMaybe<DateTimeFilter>;
  description?: InputMaybe<StringFilter>;
  detectionEventType?: InputMaybe<StringFilter>;
  email?: InputMaybe<StringFilter>;
  experimental?: InputMaybe<BooleanFilter>;
  id?: InputMaybe<IdFilter>;
  metadataRaw?: InputMaybe<StringFilter>;
  not?: InputMaybe<DetectionEventFilter>;
  or?: InputMaybe<Array<DetectionEventFilter>>;
  phishingToolIndicator?: InputMaybe<StringFilter>;
  referrerUrl?: InputMaybe<StringFilter>;
  response?: InputMaybe<StringFilter>;
  sourceIpAddress?: InputMaybe<StringFilter>;
  url?: InputMaybe<StringFilter>;
};

export type DetectionEventListFilter = {
  count?: InputMaybe<DetectionEventCountFilter>;
  every?: InputMaybe<DetectionEventFilter>;
  none?: InputMaybe<DetectionEventFilter>;
  some?: InputMaybe<DetectionEventFilter>;
};

export type DetectionFilter = {
  and?: InputMaybe<Array<DetectionFilter>>;
  archived?: InputMaybe<BooleanFilter>;
  browser?: InputMaybe<BrowserFilter>;
  browserId?: InputMaybe<IdFilter>;
  classification?: InputMaybe<StringFilter>;
  connectorAlias?: InputMaybe<StringFilter>;
  createdAt?: InputMaybe<DateTimeFilter>;
  detectionLink?: InputMaybe<StringFilter>;
  detectionType?: InputMaybe<DetectionTypeFilter>;
  detectionTypeRaw?: InputMaybe<StringFilter>;
  employee?: InputMaybe<EmployeeFilter>;
  employeeId?: InputMaybe<IdFilter>;
  events?: InputMaybe<DetectionEventListFilter>;
  id?: InputMaybe<IdFilter>;
  lastActivityAt?: InputMaybe<DateTimeFilter>;
  not?: InputMaybe<DetectionFilter>;
  or?: InputMaybe<Array<DetectionFilter>>;
  response?: InputMaybe<StringFilter>;
  severity?: InputMaybe<DetectionSeverityFilter>;
  severityRaw?: InputMaybe<StringFilter>;
};

export type DetectionGroupCount = GroupCount & {
  __typename?: 'DetectionGroupCount';
  count: Scalars['Int']['output'];
  distinct: Scalars['Int']['output'];
  keys: Array<Maybe<Scalars['String']['output']>>;
  share: Scalars['Float']['output'];
  time?: Maybe<Scalars['DateTime']['output']>;
};


export type DetectionGroupCountDistinctArgs = {
  of: DetectionDimension;
};


export type DetectionGroupCountShareArgs = {
  where: DetectionFilter;
};

export type DetectionListFilter = {
  count?: InputMaybe<DetectionCountFilter>;
  every?: InputMaybe<DetectionFilter>;
  none?: InputMaybe<DetectionFilter>;
  some?: InputMaybe<DetectionFilter>;
};

export type DetectionOrder = {
  direction?: OrderDirection;
  field: DetectionOrderField;
};

export type DetectionOrderField =
  | 'ARCHIVED'
  | 'BROWSER_ID'
  | 'CLASSIFICATION'
  | 'CREATED_AT'
  | 'DETECTION_LINK'
  | 'DETECTION_TYPE'
  | 'EMPLOYEE_ID'
  | 'ID'
  | 'LAST_ACTIVITY_AT'
  | 'RESPONSE'
  | 'SEVERITY';

export type DetectionSeverity =
  | 'CRITICAL'
  | 'HIGH'
  | 'LOW'
  | 'MEDIUM'
  | 'UNRECOGNIZED';

export type DetectionSeverityFilter = {
  eq?: InputMaybe<DetectionSeverity>;
  gt?: InputMaybe<DetectionSeverity>;
  gte?: InputMaybe<DetectionSeverity>;
  in?: InputMaybe<Array<DetectionSeverity>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<DetectionSeverity>;
  lte?: InputMaybe<DetectionSeverity>;
  ne?: InputMaybe<DetectionSeverity>;
  notIn?: InputMaybe<Array<DetectionSeverity>>;
};

export type DetectionType =
  | 'BLOCKED_URL'
  | 'MALWARE_DELIVERY'
  | 'PHISHING'
  | 'STOLEN_CREDENTIALS'
  | 'UNRECOGNIZED';

export type DetectionTypeFilter = {
  eq?: InputMaybe<DetectionType>;
  in?: InputMaybe<Array<DetectionType>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<DetectionType>;
  notIn?: InputMaybe<Array<DetectionType>>;
};

export type Employee = Entity & {
  __typename?: 'Employee';
  accounts?: Maybe<AccountConnection>;
  browserExtensions?: Maybe<BrowserExtensionConnection>;
  browsers?: Maybe<BrowserConnection>;
  changes?: Maybe<ChangeConnection>;
  /** @deprecated Push has retired this setting. */
  chatopsEnabled?: Maybe<Scalars['Boolean']['output']>;
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  createdAt: Scalars['DateTime']['output'];
  department?: Maybe<Scalars['String']['output']>;
  detections?: Maybe<DetectionConnection>;
  email?: Maybe<Scalars['String']['output']>;
  findings?: Maybe<FindingConnection>;
  firstName?: Maybe<Scalars['String']['output']>;
  groups?: Maybe<Array<Scalars['String']['output']>>;
  history?: Maybe<EventConnection>;
  id: Scalars['ID']['output'];
  lastName?: Maybe<Scalars['String']['output']>;
  licensed: Scalars['Boolean']['output'];
  location?: Maybe<Scalars['String']['output']>;
  ocsf?: Maybe<OcsfUserInventory>;
  ownedApps?: Maybe<AppConnection>;
  revision: Scalars['String']['output'];
  timeline?: Maybe<TimelineConnection>;
};


export type EmployeeAccountsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AccountFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<AccountOrder>>;
};


export type EmployeeBrowserExtensionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<BrowserExtensionFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<BrowserExtensionOrder>>;
};


export type EmployeeBrowsersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<BrowserFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<BrowserOrder>>;
};


export type EmployeeChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ChangeFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<ChangeOrder>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


export type EmployeeDetectionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<DetectionFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<DetectionOrder>>;
};


export type EmployeeFindingsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<FindingFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<FindingOrder>>;
};


export type EmployeeHistoryArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<EventOrder>>;
};


export type EmployeeOcsfArgs = {
  version?: InputMaybe<OcsfVersion>;
};


export type EmployeeOwnedAppsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AppFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<AppOrder>>;
};


export type EmployeeTimelineArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<Array<TimelineKind>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type EmployeeConnection = {
  __typename?: 'EmployeeConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<EmployeeEdge>;
  groupCount?: Maybe<Scalars['Int']['output']>;
  groups?: Maybe<Array<EmployeeGroupCount>>;
  nodes: Array<Employee>;
  pageInfo: PageInfo;
  totalCount?: Maybe<Scalars['Int']['output']>;
};


export type EmployeeConnectionGroupCountArgs = {
  by: Array<EmployeeDimension>;
};


export type EmployeeConnectionGroupsArgs = {
  by: Array<EmployeeDimension>;
  fill?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  having?: InputMaybe<IntFilter>;
  orderBy?: InputMaybe<Array<GroupOrder>>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type EmployeeDimension =
  | 'CHATOPS_ENABLED'
  | 'CONNECTOR'
  | 'CREATED_DAY'
  | 'CREATED_HOUR'
  | 'CREATED_MONTH'
  | 'CREATED_WEEK'
  | 'DEPARTMENT'
  | 'EMAIL'
  | 'FIRST_NAME'
  | 'GROUPS'
  | 'ID'
  | 'LAST_NAME'
  | 'LICENSED'
  | 'LOCATION';

export type EmployeeEdge = {
  __typename?: 'EmployeeEdge';
  cursor: Scalars['String']['output'];
  node: Employee;
};

export type EmployeeFilter = {
  accounts?: InputMaybe<AccountListFilter>;
  and?: InputMaybe<Array<EmployeeFilter>>;
  browserExtensions?: InputMaybe<BrowserExtensionListFilter>;
  browsers?: InputMaybe<BrowserListFilter>;
  /** @deprecated Push has retired this setting. */
  chatopsEnabled?: InputMaybe<BooleanFilter>;
  connectorAlias?: InputMaybe<StringFilter>;
  createdAt?: InputMaybe<DateTimeFilter>;
  department?: InputMaybe<StringFilter>;
  detections?: InputMaybe<DetectionListFilter>;
  email?: InputMaybe<StringFilter>;
  exists?: InputMaybe<Scalars['Boolean']['input']>;
  findings?: InputMaybe<FindingListFilter>;
  firstName?: InputMaybe<StringFilter>;
  groups?: InputMaybe<StringListFilter>;
  id?: InputMaybe<IdFilter>;
  lastName?: InputMaybe<StringFilter>;
  licensed?: InputMaybe<BooleanFilter>;
  location?: InputMaybe<StringFilter>;
  not?: InputMaybe<EmployeeFilter>;
  or?: InputMaybe<Array<EmployeeFilter>>;
  ownedApps?: InputMaybe<AppListFilter>;
};

export type EmployeeGroupCount = GroupCount & {
  __typename?: 'EmployeeGroupCount';
  count: Scalars['Int']['output'];
  distinct: Scalars['Int']['output'];
  keys: Array<Maybe<Scalars['String']['output']>>;
  share: Scalars['Float']['output'];
  time?: Maybe<Scalars['DateTime']['output']>;
};


export type EmployeeGroupCountDistinctArgs = {
  of: EmployeeDimension;
};


export type EmployeeGroupCountShareArgs = {
  where: EmployeeFilter;
};

export type EmployeeOrder = {
  direction?: OrderDirection;
  field: EmployeeOrderField;
};

export type EmployeeOrderField =
  | 'ACCOUNTS_COUNT'
  | 'BROWSERS_COUNT'
  | 'BROWSER_EXTENSIONS_COUNT'
  | 'CHATOPS_ENABLED'
  | 'CREATED_AT'
  | 'DEPARTMENT'
  | 'DETECTIONS_COUNT'
  | 'EMAIL'
  | 'FINDINGS_COUNT'
  | 'FIRST_NAME'
  | 'ID'
  | 'LAST_NAME'
  | 'LICENSED'
  | 'LOCATION'
  | 'OWNED_APPS_COUNT';

export type Entity = {
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  id: Scalars['ID']['output'];
  ocsf?: Maybe<OcsfEvent>;
};


export type EntityOcsfArgs = {
  version?: InputMaybe<OcsfVersion>;
};

export type EntityEvent = Entity & Event & {
  __typename?: 'EntityEvent';
  account?: Maybe<Account>;
  accountId?: Maybe<Scalars['ID']['output']>;
  app?: Maybe<App>;
  appId?: Maybe<Scalars['ID']['output']>;
  category: EventCategory;
  categoryRaw: Scalars['String']['output'];
  changes: Array<EventChange>;
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  cursor: Scalars['String']['output'];
  description?: Maybe<Scalars['String']['output']>;
  email?: Maybe<Scalars['String']['output']>;
  employee?: Maybe<Employee>;
  employeeId?: Maybe<Scalars['ID']['output']>;
  entity?: Maybe<Entity>;
  entityId?: Maybe<Scalars['ID']['output']>;
  id: Scalars['ID']['output'];
  inferred?: Maybe<Array<Scalars['String']['output']>>;
  new?: Maybe<Scalars['JSON']['output']>;
  object: Scalars['String']['output'];
  objectName?: Maybe<Scalars['String']['output']>;
  occurredAt: Scalars['DateTime']['output'];
  ocsf?: Maybe<OcsfEvent>;
  old?: Maybe<Scalars['JSON']['output']>;
  payload?: Maybe<Scalars['JSON']['output']>;
  receivedAt: Scalars['DateTime']['output'];
  sourceIpAddress?: Maybe<Scalars['String']['output']>;
  type?: Maybe<ChangeType>;
  typeRaw?: Maybe<Scalars['String']['output']>;
  url?: Maybe<Scalars['String']['output']>;
};


export type EntityEventOcsfArgs = {
  rawData?: InputMaybe<Scalars['Boolean']['input']>;
  version?: InputMaybe<OcsfVersion>;
};

export type EntityType =
  | 'ACCOUNT'
  | 'APP'
  | 'BROWSER'
  | 'BROWSER_EXTENSION'
  | 'DETECTION'
  | 'EMPLOYEE'
  | 'EVENT'
  | 'FINDING';

export type Event = {
  account?: Maybe<Account>;
  accountId?: Maybe<Scalars['ID']['output']>;
  app?: Maybe<App>;
  appId?: Maybe<Scalars['ID']['output']>;
  category: EventCategory;
  categoryRaw: Scalars['String']['output'];
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  cursor: Scalars['String']['output'];
  description?: Maybe<Scalars['String']['output']>;
  email?: Maybe<Scalars['String']['output']>;
  employee?: Maybe<Employee>;
  employeeId?: Maybe<Scalars['ID']['output']>;
  entityId?: Maybe<Scalars['ID']['output']>;
  id: Scalars['ID']['output'];
  inferred?: Maybe<Array<Scalars['String']['output']>>;
  object: Scalars['String']['output'];
  objectName?: Maybe<Scalars['String']['output']>;
  occurredAt: Scalars['DateTime']['output'];
  ocsf?: Maybe<OcsfEvent>;
  payload?: Maybe<Scalars['JSON']['output']>;
  receivedAt: Scalars['DateTime']['output'];
  sourceIpAddress?: Maybe<Scalars['String']['output']>;
  type?: Maybe<ChangeType>;
  typeRaw?: Maybe<Scalars['String']['output']>;
  url?: Maybe<Scalars['String']['output']>;
};


export type EventOcsfArgs = {
  rawData?: InputMaybe<Scalars['Boolean']['input']>;
  version?: InputMaybe<OcsfVersion>;
};

export type EventActor = {
  __typename?: 'EventActor';
  apiKeyCreatedBy?: Maybe<Scalars['String']['output']>;
  apiKeyName?: Maybe<Scalars['String']['output']>;
  email?: Maybe<Scalars['String']['output']>;
  role?: Maybe<Scalars['String']['output']>;
  source?: Maybe<Scalars['String']['output']>;
  sourceIpAddress?: Maybe<Scalars['String']['output']>;
  userAgent?: Maybe<Scalars['String']['output']>;
};

export type EventCategory =
  | 'ACTIVITY'
  | 'AUDIT'
  | 'CONTROL'
  | 'DETECTION'
  | 'ENTITY'
  | 'UNRECOGNIZED';

export type EventCategoryFilter = {
  eq?: InputMaybe<EventCategory>;
  in?: InputMaybe<Array<EventCategory>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<EventCategory>;
  notIn?: InputMaybe<Array<EventCategory>>;
};

export type EventChange = {
  __typename?: 'EventChange';
  new?: Maybe<Scalars['JSON']['output']>;
  old?: Maybe<Scalars['JSON']['output']>;
  path: Scalars['String']['output'];
};

export type EventConnection = {
  __typename?: 'EventConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<EventEdge>;
  groupCount?: Maybe<Scalars['Int']['output']>;
  groups?: Maybe<Array<EventGroupCount>>;
  nodes: Array<Event>;
  pageInfo: PageInfo;
  totalCount?: Maybe<Scalars['Int']['output']>;
};


export type EventConnectionGroupCountArgs = {
  by: Array<EventDimension>;
};


export type EventConnectionGroupsArgs = {
  by: Array<EventDimension>;
  fill?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  having?: InputMaybe<IntFilter>;
  orderBy?: InputMaybe<Array<GroupOrder>>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type EventDimension =
  | 'ACCOUNT_EMAIL'
  | 'ACCOUNT_ID'
  | 'ACCOUNT_MFA_REGISTERED'
  | 'APP_APPROVAL_STATUS'
  | 'APP_ID'
  | 'APP_LABELS'
  | 'APP_NAME'
  | 'APP_SENSITIVITY_LEVEL'
  | 'APP_TYPE'
  | 'CATEGORY'
  | 'CONNECTOR'
  | 'DESCRIPTION'
  | 'EMAIL'
  | 'EMPLOYEE_DEPARTMENT'
  | 'EMPLOYEE_EMAIL'
  | 'EMPLOYEE_GROUPS'
  | 'EMPLOYEE_ID'
  | 'EMPLOYEE_LICENSED'
  | 'EMPLOYEE_LOCATION'
  | 'ENTITY_ID'
  | 'ID'
  | 'OBJECT'
  | 'OBJECT_NAME'
  | 'OCCURRED_DAY'
  | 'OCCURRED_HOUR'
  | 'OCCURRED_MONTH'
  | 'OCCURRED_WEEK'
  | 'RECEIVED_DAY'
  | 'RECEIVED_HOUR'
  | 'RECEIVED_MONTH'
  | 'RECEIVED_WEEK'
  | 'SOURCE_IP_ADDRESS'
  | 'TYPE'
  | 'URL';

export type EventEdge = {
  __typename?: 'EventEdge';
  cursor: Scalars['String']['output'];
  node: Event;
};

export type EventFilter = {
  account?: InputMaybe<AccountFilter>;
  accountId?: InputMaybe<IdFilter>;
  and?: InputMaybe<Array<EventFilter>>;
  app?: InputMaybe<AppFilter>;
  appId?: InputMaybe<IdFilter>;
  category?: InputMaybe<EventCategoryFilter>;
  categoryRaw?: InputMaybe<StringFilter>;
  connectorAlias?: InputMaybe<StringFilter>;
  description?: InputMaybe<StringFilter>;
  email?: InputMaybe<StringFilter>;
  employee?: InputMaybe<EmployeeFilter>;
  employeeId?: InputMaybe<IdFilter>;
  entityId?: InputMaybe<IdFilter>;
  id?: InputMaybe<IdFilter>;
  not?: InputMaybe<EventFilter>;
  object?: InputMaybe<StringFilter>;
  objectName?: InputMaybe<StringFilter>;
  occurredAt?: InputMaybe<DateTimeFilter>;
  or?: InputMaybe<Array<EventFilter>>;
  receivedAt?: InputMaybe<DateTimeFilter>;
  sourceIpAddress?: InputMaybe<StringFilter>;
  type?: InputMaybe<ChangeTypeFilter>;
  typeRaw?: InputMaybe<StringFilter>;
  url?: InputMaybe<StringFilter>;
};

export type EventGroupCount = GroupCount & {
  __typename?: 'EventGroupCount';
  count: Scalars['Int']['output'];
  distinct: Scalars['Int']['output'];
  keys: Array<Maybe<Scalars['String']['output']>>;
  share: Scalars['Float']['output'];
  time?: Maybe<Scalars['DateTime']['output']>;
};


export type EventGroupCountDistinctArgs = {
  of: EventDimension;
};


export type EventGroupCountShareArgs = {
  where: EventFilter;
};

export type EventOrder = {
  direction?: OrderDirection;
  field: EventOrderField;
};

export type EventOrderField =
  | 'ACCOUNT_ID'
  | 'APP_ID'
  | 'CATEGORY'
  | 'DESCRIPTION'
  | 'EMAIL'
  | 'EMPLOYEE_ID'
  | 'ENTITY_ID'
  | 'ID'
  | 'OBJECT'
  | 'OBJECT_NAME'
  | 'OCCURRED_AT'
  | 'RECEIVED_AT'
  | 'SOURCE_IP_ADDRESS'
  | 'TYPE'
  | 'URL';

export type EventStore = {
  __typename?: 'EventStore';
  bytes: Scalars['Long']['output'];
  events: Scalars['Int']['output'];
  oldestAt?: Maybe<Scalars['DateTime']['output']>;
  retentionDays: Scalars['Int']['output'];
};

export type ExtensionDeploymentMode =
  | 'DEVELOPMENT'
  | 'MANAGED'
  | 'MANUAL'
  | 'OTHER'
  | 'SIDELOAD'
  | 'UNRECOGNIZED';

export type ExtensionDeploymentModeFilter = {
  eq?: InputMaybe<ExtensionDeploymentMode>;
  in?: InputMaybe<Array<ExtensionDeploymentMode>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<ExtensionDeploymentMode>;
  notIn?: InputMaybe<Array<ExtensionDeploymentMode>>;
};

export type Finding = Entity & {
  __typename?: 'Finding';
  account?: Maybe<Account>;
  accountId?: Maybe<Scalars['ID']['output']>;
  app?: Maybe<App>;
  appId?: Maybe<Scalars['ID']['output']>;
  appType?: Maybe<Scalars['String']['output']>;
  changes?: Maybe<ChangeConnection>;
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  createdAt: Scalars['DateTime']['output'];
  employee?: Maybe<Employee>;
  employeeId?: Maybe<Scalars['ID']['output']>;
  history?: Maybe<EventConnection>;
  id: Scalars['ID']['output'];
  ocsf?: Maybe<OcsfComplianceFinding>;
  passwordId?: Maybe<Scalars['ID']['output']>;
  passwordPeers?: Maybe<AccountConnection>;
  state: FindingState;
  stateRaw: Scalars['String']['output'];
  timeline?: Maybe<TimelineConnection>;
  type: FindingType;
  typeRaw: Scalars['String']['output'];
  weakPasswordReasons?: Maybe<Array<WeakPasswordReason>>;
  weakPasswordReasonsRaw?: Maybe<Array<Scalars['String']['output']>>;
};


export type FindingChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ChangeFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<ChangeOrder>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


export type FindingHistoryArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<EventOrder>>;
};


export type FindingOcsfArgs = {
  version?: InputMaybe<OcsfVersion>;
};


export type FindingPasswordPeersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AccountFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<AccountOrder>>;
};


export type FindingTimelineArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<Array<TimelineKind>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type FindingConnection = {
  __typename?: 'FindingConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<FindingEdge>;
  groupCount?: Maybe<Scalars['Int']['output']>;
  groups?: Maybe<Array<FindingGroupCount>>;
  nodes: Array<Finding>;
  pageInfo: PageInfo;
  totalCount?: Maybe<Scalars['Int']['output']>;
};


export type FindingConnectionGroupCountArgs = {
  by: Array<FindingDimension>;
};


export type FindingConnectionGroupsArgs = {
  by: Array<FindingDimension>;
  fill?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  having?: InputMaybe<IntFilter>;
  orderBy?: InputMaybe<Array<GroupOrder>>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type FindingCountFilter = {
  eq?: InputMaybe<Scalars['Int']['input']>;
  gt?: InputMaybe<Scalars['Int']['input']>;
  gte?: InputMaybe<Scalars['Int']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<Scalars['Int']['input']>;
  lte?: InputMaybe<Scalars['Int']['input']>;
  ne?: InputMaybe<Scalars['Int']['input']>;
  where?: InputMaybe<FindingFilter>;
};

export type FindingDimension =
  | 'ACCOUNT_EMAIL'
  | 'ACCOUNT_ID'
  | 'ACCOUNT_MFA_REGISTERED'
  | 'APP_APPROVAL_STATUS'
  | 'APP_ID'
  | 'APP_LABELS'
  | 'APP_NAME'
  | 'APP_SENSITIVITY_LEVEL'
  | 'APP_TYPE'
  | 'CONNECTOR'
  | 'CREATED_DAY'
  | 'CREATED_HOUR'
  | 'CREATED_MONTH'
  | 'CREATED_WEEK'
  | 'EMPLOYEE_DEPARTMENT'
  | 'EMPLOYEE_EMAIL'
  | 'EMPLOYEE_GROUPS'
  | 'EMPLOYEE_ID'
  | 'EMPLOYEE_LICENSED'
  | 'EMPLOYEE_LOCATION'
  | 'ID'
  | 'PASSWORD_ID'
  | 'STATE'
  | 'TYPE'
  | 'WEAK_PASSWORD_REASONS';

export type FindingEdge = {
  __typename?: 'FindingEdge';
  cursor: Scalars['String']['output'];
  node: Finding;
};

export type FindingFilter = {
  account?: InputMaybe<AccountFilter>;
  accountId?: InputMaybe<IdFilter>;
  and?: InputMaybe<Array<FindingFilter>>;
  app?: InputMaybe<AppFilter>;
  appId?: InputMaybe<IdFilter>;
  appType?: InputMaybe<StringFilter>;
  connectorAlias?: InputMaybe<StringFilter>;
  createdAt?: InputMaybe<DateTimeFilter>;
  employee?: InputMaybe<EmployeeFilter>;
  employeeId?: InputMaybe<IdFilter>;
  id?: InputMaybe<IdFilter>;
  not?: InputMaybe<FindingFilter>;
  or?: InputMaybe<Array<FindingFilter>>;
  passwordId?: InputMaybe<IdFilter>;
  passwordPeers?: InputMaybe<AccountListFilter>;
  state?: InputMaybe<FindingStateFilter>;
  stateRaw?: InputMaybe<StringFilter>;
  type?: InputMaybe<FindingTypeFilter>;
  typeRaw?: InputMaybe<StringFilter>;
  weakPasswordReasons?: InputMaybe<WeakPasswordReasonListFilter>;
  weakPasswordReasonsRaw?: InputMaybe<StringListFilter>;
};

export type FindingGroupCount = GroupCount & {
  __typename?: 'FindingGroupCount';
  count: Scalars['Int']['output'];
  distinct: Scalars['Int']['output'];
  keys: Array<Maybe<Scalars['String']['output']>>;
  share: Scalars['Float']['output'];
  time?: Maybe<Scalars['DateTime']['output']>;
};


export type FindingGroupCountDistinctArgs = {
  of: FindingDimension;
};


export type FindingGroupCountShareArgs = {
  where: FindingFilter;
};

export type FindingListFilter = {
  count?: InputMaybe<FindingCountFilter>;
  every?: InputMaybe<FindingFilter>;
  none?: InputMaybe<FindingFilter>;
  some?: InputMaybe<FindingFilter>;
};

export type FindingOrder = {
  direction?: OrderDirection;
  field: FindingOrderField;
};

export type FindingOrderField =
  | 'ACCOUNT_ID'
  | 'APP_ID'
  | 'APP_TYPE'
  | 'CREATED_AT'
  | 'EMPLOYEE_ID'
  | 'ID'
  | 'PASSWORD_ID'
  | 'PASSWORD_PEERS_COUNT'
  | 'STATE'
  | 'TYPE';

export type FindingState =
  | 'OPEN'
  | 'RESOLVED'
  | 'UNRECOGNIZED';

export type FindingStateFilter = {
  eq?: InputMaybe<FindingState>;
  in?: InputMaybe<Array<FindingState>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<FindingState>;
  notIn?: InputMaybe<Array<FindingState>>;
};

export type FindingType =
  | 'LEAKED_PASSWORD'
  | 'MFA_NOT_REGISTERED'
  | 'PASSWORD_MANAGER_NOT_USED'
  | 'REUSED_PASSWORD'
  | 'SHARED_ACCOUNT'
  | 'STOLEN_CREDENTIALS'
  | 'UNRECOGNIZED'
  | 'UNUSED_THIRD_PARTY_APP'
  | 'WEAK_PASSWORD';

export type FindingTypeFilter = {
  eq?: InputMaybe<FindingType>;
  in?: InputMaybe<Array<FindingType>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<FindingType>;
  notIn?: InputMaybe<Array<FindingType>>;
};

export type GroupCount = {
  count: Scalars['Int']['output'];
  keys: Array<Maybe<Scalars['String']['output']>>;
  time?: Maybe<Scalars['DateTime']['output']>;
};

export type GroupOrder = {
  by: GroupOrderKey;
  direction?: OrderDirection;
};

export type GroupOrderKey =
  | 'COUNT'
  | 'KEY'
  | 'TIME';

export type IdFilter = {
  eq?: InputMaybe<Scalars['ID']['input']>;
  in?: InputMaybe<Array<Scalars['ID']['input']>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<Scalars['ID']['input']>;
  notIn?: InputMaybe<Array<Scalars['ID']['input']>>;
};

export type IntFilter = {
  eq?: InputMaybe<Scalars['Int']['input']>;
  gt?: InputMaybe<Scalars['Int']['input']>;
  gte?: InputMaybe<Scalars['Int']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<Scalars['Int']['input']>;
  lte?: InputMaybe<Scalars['Int']['input']>;
  ne?: InputMaybe<Scalars['Int']['input']>;
};

export type LoginEvent = Entity & Event & {
  __typename?: 'LoginEvent';
  account?: Maybe<Account>;
  accountId?: Maybe<Scalars['ID']['output']>;
  app?: Maybe<App>;
  appId?: Maybe<Scalars['ID']['output']>;
  appType?: Maybe<Scalars['String']['output']>;
  browser?: Maybe<BrowserName>;
  browserRaw?: Maybe<Scalars['String']['output']>;
  category: EventCategory;
  categoryRaw: Scalars['String']['output'];
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  cursor: Scalars['String']['output'];
  description?: Maybe<Scalars['String']['output']>;
  email?: Maybe<Scalars['String']['output']>;
  employee?: Maybe<Employee>;
  employeeId?: Maybe<Scalars['ID']['output']>;
  entityId?: Maybe<Scalars['ID']['output']>;
  id: Scalars['ID']['output'];
  identityProvider?: Maybe<Scalars['String']['output']>;
  inferred?: Maybe<Array<Scalars['String']['output']>>;
  leakedPassword?: Maybe<Scalars['Boolean']['output']>;
  loginAt?: Maybe<Scalars['DateTime']['output']>;
  loginType?: Maybe<Scalars['String']['output']>;
  object: Scalars['String']['output'];
  objectName?: Maybe<Scalars['String']['output']>;
  occurredAt: Scalars['DateTime']['output'];
  ocsf?: Maybe<OcsfEvent>;
  os?: Maybe<OperatingSystem>;
  osRaw?: Maybe<Scalars['String']['output']>;
  passwordId?: Maybe<Scalars['ID']['output']>;
  passwordManager?: Maybe<Scalars['String']['output']>;
  passwordManuallyTyped?: Maybe<Scalars['Boolean']['output']>;
  payload?: Maybe<Scalars['JSON']['output']>;
  receivedAt: Scalars['DateTime']['output'];
  sourceIpAddress?: Maybe<Scalars['String']['output']>;
  type?: Maybe<ChangeType>;
  typeRaw?: Maybe<Scalars['String']['output']>;
  url?: Maybe<Scalars['String']['output']>;
  userAgent?: Maybe<Scalars['String']['output']>;
  weakPassword?: Maybe<Scalars['Boolean']['output']>;
  weakPasswordReasons?: Maybe<Array<WeakPasswordReason>>;
  weakPasswordReasonsRaw?: Maybe<Array<Scalars['String']['output']>>;
  workApp?: Maybe<Scalars['Boolean']['output']>;
};


export type LoginEventOcsfArgs = {
  rawData?: InputMaybe<Scalars['Boolean']['input']>;
  version?: InputMaybe<OcsfVersion>;
};

export type LoginMethods = {
  __typename?: 'LoginMethods';
  fedCmLogin?: Maybe<Scalars['String']['output']>;
  lastPasswordLoginAt?: Maybe<Scalars['DateTime']['output']>;
  oidcLogin?: Maybe<Scalars['String']['output']>;
  oktaSwaLogin?: Maybe<Scalars['Boolean']['output']>;
  passwordLogin?: Maybe<Scalars['Boolean']['output']>;
  samlLogin?: Maybe<Scalars['String']['output']>;
  vendorSsoLogin?: Maybe<Scalars['String']['output']>;
};

export type LoginMethodsFilter = {
  and?: InputMaybe<Array<LoginMethodsFilter>>;
  fedCmLogin?: InputMaybe<StringFilter>;
  lastPasswordLoginAt?: InputMaybe<DateTimeFilter>;
  not?: InputMaybe<LoginMethodsFilter>;
  oidcLogin?: InputMaybe<StringFilter>;
  oktaSwaLogin?: InputMaybe<BooleanFilter>;
  or?: InputMaybe<Array<LoginMethodsFilter>>;
  passwordLogin?: InputMaybe<BooleanFilter>;
  samlLogin?: InputMaybe<StringFilter>;
  vendorSsoLogin?: InputMaybe<StringFilter>;
};

export type MfaMethod =
  | 'APP_OTP'
  | 'APP_PASSWORD'
  | 'APP_TOTP'
  | 'BACKUP_CODES'
  | 'EMAIL_OTP'
  | 'EXTERNAL_PROVIDER'
  | 'GRID_CARD'
  | 'HARDWARE_TOTP'
  | 'PHONE_CALL'
  | 'PUSH_NOTIFICATION'
  | 'SMS'
  | 'SMS_OTP'
  | 'U2F'
  | 'UNRECOGNIZED'
  | 'WEBAUTHN';

export type MfaMethodFilter = {
  eq?: InputMaybe<MfaMethod>;
  in?: InputMaybe<Array<MfaMethod>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<MfaMethod>;
  notIn?: InputMaybe<Array<MfaMethod>>;
};

export type MfaMethodListFilter = {
  all?: InputMaybe<MfaMethodFilter>;
  any?: InputMaybe<MfaMethodFilter>;
  isEmpty?: InputMaybe<Scalars['Boolean']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  none?: InputMaybe<MfaMethodFilter>;
};

export type Mutation = {
  __typename?: 'Mutation';
  deleteAccount?: Maybe<DeleteAccountPayload>;
  removeAccountLoginMethod?: Maybe<RemoveAccountLoginMethodPayload>;
  updateApp?: Maybe<UpdateAppPayload>;
  updateDetection?: Maybe<UpdateDetectionPayload>;
  updateEmployee?: Maybe<UpdateEmployeePayload>;
};


export type MutationDeleteAccountArgs = {
  input: DeleteAccountInput;
};


export type MutationRemoveAccountLoginMethodArgs = {
  input: RemoveAccountLoginMethodInput;
};


export type MutationUpdateAppArgs = {
  input: UpdateAppInput;
};


export type MutationUpdateDetectionArgs = {
  input: UpdateDetectionInput;
};


export type MutationUpdateEmployeeArgs = {
  input: UpdateEmployeeInput;
};

export type ObservableKind =
  | 'ACCOUNT_ID'
  | 'APP_ID'
  | 'APP_NAME'
  | 'BROWSER_ID'
  | 'DETECTION_ID'
  | 'DOMAIN'
  | 'EMAIL_ADDRESS'
  | 'EMPLOYEE_ID'
  | 'EVENT_ID'
  | 'EXTENSION_ID'
  | 'FINDING_ID'
  | 'IP_ADDRESS'
  | 'PASSWORD_ID'
  | 'URL';

export type OcsfAccount = {
  __typename?: 'OcsfAccount';
  name?: Maybe<Scalars['String']['output']>;
  type?: Maybe<Scalars['String']['output']>;
  type_id?: Maybe<Scalars['Int']['output']>;
  uid?: Maybe<Scalars['String']['output']>;
};

export type OcsfAccountChange = OcsfEvent & {
  __typename?: 'OcsfAccountChange';
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  actor?: Maybe<OcsfActor>;
  auth_factors?: Maybe<Array<OcsfAuthFactor>>;
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  http_request?: Maybe<OcsfHttpRequest>;
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  src_endpoint?: Maybe<OcsfNetworkEndpoint>;
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
  user: OcsfUser;
};

export type OcsfActor = {
  __typename?: 'OcsfActor';
  app_name?: Maybe<Scalars['String']['output']>;
  idp?: Maybe<OcsfIdp>;
  invoked_by?: Maybe<Scalars['String']['output']>;
  user?: Maybe<OcsfUser>;
};

export type OcsfAgent = {
  __typename?: 'OcsfAgent';
  name?: Maybe<Scalars['String']['output']>;
  type?: Maybe<Scalars['String']['output']>;
  type_id?: Maybe<Scalars['Int']['output']>;
  vendor_name?: Maybe<Scalars['String']['output']>;
  version?: Maybe<Scalars['String']['output']>;
};

export type OcsfAnalytic = {
  __typename?: 'OcsfAnalytic';
  name?: Maybe<Scalars['String']['output']>;
  type?: Maybe<Scalars['String']['output']>;
  type_id: Scalars['Int']['output'];
  uid?: Maybe<Scalars['String']['output']>;
};

export type OcsfAuthFactor = {
  __typename?: 'OcsfAuthFactor';
  factor_type?: Maybe<Scalars['String']['output']>;
  factor_type_id: Scalars['Int']['output'];
  is_totp?: Maybe<Scalars['Boolean']['output']>;
};

export type OcsfAuthentication = OcsfEvent & {
  __typename?: 'OcsfAuthentication';
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  actor?: Maybe<OcsfActor>;
  auth_factors?: Maybe<Array<OcsfAuthFactor>>;
  auth_protocol?: Maybe<Scalars['String']['output']>;
  auth_protocol_id?: Maybe<Scalars['Int']['output']>;
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  dst_endpoint?: Maybe<OcsfNetworkEndpoint>;
  http_request?: Maybe<OcsfHttpRequest>;
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  service?: Maybe<OcsfService>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  src_endpoint?: Maybe<OcsfNetworkEndpoint>;
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
  user: OcsfUser;
};

export type OcsfBaseEvent = OcsfEvent & {
  __typename?: 'OcsfBaseEvent';
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
};

export type OcsfCheck = {
  __typename?: 'OcsfCheck';
  name?: Maybe<Scalars['String']['output']>;
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  uid?: Maybe<Scalars['String']['output']>;
};

export type OcsfCloudResourcesInventoryInfo = OcsfEvent & {
  __typename?: 'OcsfCloudResourcesInventoryInfo';
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  resources?: Maybe<Array<OcsfResourceDetails>>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
};

export type OcsfCompliance = {
  __typename?: 'OcsfCompliance';
  checks?: Maybe<Array<OcsfCheck>>;
  control?: Maybe<Scalars['String']['output']>;
  standards?: Maybe<Array<Scalars['String']['output']>>;
  status?: Maybe<Scalars['String']['output']>;
  status_details?: Maybe<Array<Scalars['String']['output']>>;
  status_id?: Maybe<Scalars['Int']['output']>;
};

export type OcsfComplianceFinding = OcsfEvent & {
  __typename?: 'OcsfComplianceFinding';
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  compliance: OcsfCompliance;
  finding_info: OcsfFindingInfo;
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  resource?: Maybe<OcsfResourceDetails>;
  resources?: Maybe<Array<OcsfResourceDetails>>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
};

export type OcsfDetectionFinding = OcsfEvent & {
  __typename?: 'OcsfDetectionFinding';
  action?: Maybe<Scalars['String']['output']>;
  action_id?: Maybe<Scalars['Int']['output']>;
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  actor?: Maybe<OcsfActor>;
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  device?: Maybe<OcsfDevice>;
  disposition?: Maybe<Scalars['String']['output']>;
  disposition_id?: Maybe<Scalars['Int']['output']>;
  end_time?: Maybe<Scalars['Long']['output']>;
  evidences?: Maybe<Array<OcsfEvidences>>;
  finding_info: OcsfFindingInfo;
  is_alert?: Maybe<Scalars['Boolean']['output']>;
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  resources?: Maybe<Array<OcsfResourceDetails>>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  start_time?: Maybe<Scalars['Long']['output']>;
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
  verdict?: Maybe<Scalars['String']['output']>;
  verdict_id?: Maybe<Scalars['Int']['output']>;
};

export type OcsfDevice = {
  __typename?: 'OcsfDevice';
  agent_list?: Maybe<Array<OcsfAgent>>;
  created_time?: Maybe<Scalars['Long']['output']>;
  desc?: Maybe<Scalars['String']['output']>;
  first_seen_time?: Maybe<Scalars['Long']['output']>;
  last_seen_time?: Maybe<Scalars['Long']['output']>;
  name?: Maybe<Scalars['String']['output']>;
  os?: Maybe<OcsfOs>;
  owner?: Maybe<OcsfUser>;
  type?: Maybe<Scalars['String']['output']>;
  type_id: Scalars['Int']['output'];
  uid?: Maybe<Scalars['String']['output']>;
  vendor_name?: Maybe<Scalars['String']['output']>;
};

export type OcsfEntityManagement = OcsfEvent & {
  __typename?: 'OcsfEntityManagement';
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  actor?: Maybe<OcsfActor>;
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  entity: OcsfManagedEntity;
  entity_result?: Maybe<OcsfManagedEntity>;
  http_request?: Maybe<OcsfHttpRequest>;
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  src_endpoint?: Maybe<OcsfNetworkEndpoint>;
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
  updated_entity?: Maybe<OcsfManagedEntity>;
};

export type OcsfEvent = {
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
};

export type OcsfEventConnection = {
  __typename?: 'OcsfEventConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<OcsfEventEdge>;
  nodes: Array<OcsfEvent>;
  pageInfo: PageInfo;
};

export type OcsfEventEdge = {
  __typename?: 'OcsfEventEdge';
  cursor: Scalars['String']['output'];
  node: OcsfEvent;
};

export type OcsfEventFilter = {
  accounts?: InputMaybe<AccountFilter>;
  apps?: InputMaybe<AppFilter>;
  browserExtensions?: InputMaybe<BrowserExtensionFilter>;
  browsers?: InputMaybe<BrowserFilter>;
  detections?: InputMaybe<DetectionFilter>;
  employees?: InputMaybe<EmployeeFilter>;
  events?: InputMaybe<EventFilter>;
  findings?: InputMaybe<FindingFilter>;
};

export type OcsfEvidences = {
  __typename?: 'OcsfEvidences';
  data?: Maybe<Scalars['JSON']['output']>;
  http_request?: Maybe<OcsfHttpRequest>;
  name?: Maybe<Scalars['String']['output']>;
  src_endpoint?: Maybe<OcsfNetworkEndpoint>;
  uid?: Maybe<Scalars['String']['output']>;
  url?: Maybe<OcsfUrl>;
  user?: Maybe<OcsfUser>;
};

export type OcsfFeature = {
  __typename?: 'OcsfFeature';
  name?: Maybe<Scalars['String']['output']>;
};

export type OcsfFindingInfo = {
  __typename?: 'OcsfFindingInfo';
  analytic?: Maybe<OcsfAnalytic>;
  created_time?: Maybe<Scalars['Long']['output']>;
  desc?: Maybe<Scalars['String']['output']>;
  first_seen_time?: Maybe<Scalars['Long']['output']>;
  last_seen_time?: Maybe<Scalars['Long']['output']>;
  modified_time?: Maybe<Scalars['Long']['output']>;
  related_events?: Maybe<Array<OcsfRelatedEvent>>;
  related_events_count?: Maybe<Scalars['Int']['output']>;
  src_url?: Maybe<Scalars['String']['output']>;
  title?: Maybe<Scalars['String']['output']>;
  types?: Maybe<Array<Scalars['String']['output']>>;
  uid: Scalars['String']['output'];
};

export type OcsfFingerprint = {
  __typename?: 'OcsfFingerprint';
  algorithm?: Maybe<Scalars['String']['output']>;
  algorithm_id: Scalars['Int']['output'];
  value: Scalars['String']['output'];
};

export type OcsfGroup = {
  __typename?: 'OcsfGroup';
  name?: Maybe<Scalars['String']['output']>;
};

export type OcsfGroupManagement = OcsfEvent & {
  __typename?: 'OcsfGroupManagement';
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  group: OcsfGroup;
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
  user?: Maybe<OcsfUser>;
  users?: Maybe<Array<OcsfUser>>;
};

export type OcsfHttpRequest = {
  __typename?: 'OcsfHttpRequest';
  referrer?: Maybe<Scalars['String']['output']>;
  url?: Maybe<OcsfUrl>;
  user_agent?: Maybe<Scalars['String']['output']>;
};

export type OcsfIdp = {
  __typename?: 'OcsfIdp';
  name?: Maybe<Scalars['String']['output']>;
};

export type OcsfInventoryInfo = OcsfEvent & {
  __typename?: 'OcsfInventoryInfo';
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  device: OcsfDevice;
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
};

export type OcsfLdapPerson = {
  __typename?: 'OcsfLdapPerson';
  created_time?: Maybe<Scalars['Long']['output']>;
  department?: Maybe<Scalars['String']['output']>;
  given_name?: Maybe<Scalars['String']['output']>;
  last_login_time?: Maybe<Scalars['Long']['output']>;
  office_location?: Maybe<Scalars['String']['output']>;
  surname?: Maybe<Scalars['String']['output']>;
};

export type OcsfManagedEntity = {
  __typename?: 'OcsfManagedEntity';
  data?: Maybe<Scalars['JSON']['output']>;
  device?: Maybe<OcsfDevice>;
  name?: Maybe<Scalars['String']['output']>;
  policy?: Maybe<OcsfPolicy>;
  type?: Maybe<Scalars['String']['output']>;
  type_id?: Maybe<Scalars['Int']['output']>;
  uid?: Maybe<Scalars['String']['output']>;
  user?: Maybe<OcsfUser>;
};

export type OcsfMetadata = {
  __typename?: 'OcsfMetadata';
  event_code?: Maybe<Scalars['String']['output']>;
  log_name?: Maybe<Scalars['String']['output']>;
  log_version?: Maybe<Scalars['String']['output']>;
  logged_time?: Maybe<Scalars['Long']['output']>;
  original_event_uid?: Maybe<Scalars['String']['output']>;
  original_time?: Maybe<Scalars['String']['output']>;
  product: OcsfProduct;
  profiles?: Maybe<Array<Scalars['String']['output']>>;
  tenant_uid?: Maybe<Scalars['String']['output']>;
  uid?: Maybe<Scalars['String']['output']>;
  version: Scalars['String']['output'];
};

export type OcsfNetworkEndpoint = {
  __typename?: 'OcsfNetworkEndpoint';
  hostname?: Maybe<Scalars['String']['output']>;
  ip?: Maybe<Scalars['String']['output']>;
  name?: Maybe<Scalars['String']['output']>;
  os?: Maybe<OcsfOs>;
  type?: Maybe<Scalars['String']['output']>;
  type_id?: Maybe<Scalars['Int']['output']>;
};

export type OcsfObservable = {
  __typename?: 'OcsfObservable';
  name?: Maybe<Scalars['String']['output']>;
  type?: Maybe<Scalars['String']['output']>;
  type_id: Scalars['Int']['output'];
  value?: Maybe<Scalars['String']['output']>;
};

export type OcsfOs = {
  __typename?: 'OcsfOs';
  name: Scalars['String']['output'];
  type?: Maybe<Scalars['String']['output']>;
  type_id: Scalars['Int']['output'];
};

export type OcsfPolicy = {
  __typename?: 'OcsfPolicy';
  data?: Maybe<Scalars['JSON']['output']>;
  desc?: Maybe<Scalars['String']['output']>;
  is_applied?: Maybe<Scalars['Boolean']['output']>;
  name?: Maybe<Scalars['String']['output']>;
  type?: Maybe<Scalars['String']['output']>;
};

export type OcsfProduct = {
  __typename?: 'OcsfProduct';
  feature?: Maybe<OcsfFeature>;
  name?: Maybe<Scalars['String']['output']>;
  uid?: Maybe<Scalars['String']['output']>;
  vendor_name?: Maybe<Scalars['String']['output']>;
};

export type OcsfRelatedEvent = {
  __typename?: 'OcsfRelatedEvent';
  created_time?: Maybe<Scalars['Long']['output']>;
  title?: Maybe<Scalars['String']['output']>;
  type_name?: Maybe<Scalars['String']['output']>;
  uid: Scalars['String']['output'];
};

export type OcsfResourceDetails = {
  __typename?: 'OcsfResourceDetails';
  created_time?: Maybe<Scalars['Long']['output']>;
  criticality?: Maybe<Scalars['String']['output']>;
  data?: Maybe<Scalars['JSON']['output']>;
  hostname?: Maybe<Scalars['String']['output']>;
  labels?: Maybe<Array<Scalars['String']['output']>>;
  name?: Maybe<Scalars['String']['output']>;
  owner?: Maybe<OcsfUser>;
  role?: Maybe<Scalars['String']['output']>;
  role_id?: Maybe<Scalars['Int']['output']>;
  type?: Maybe<Scalars['String']['output']>;
  uid?: Maybe<Scalars['String']['output']>;
  uid_alt?: Maybe<Scalars['String']['output']>;
};

export type OcsfService = {
  __typename?: 'OcsfService';
  name?: Maybe<Scalars['String']['output']>;
  uid?: Maybe<Scalars['String']['output']>;
};

export type OcsfSoftwareInfo = OcsfEvent & {
  __typename?: 'OcsfSoftwareInfo';
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  device: OcsfDevice;
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  product?: Maybe<OcsfProduct>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
};

export type OcsfUrl = {
  __typename?: 'OcsfUrl';
  hostname?: Maybe<Scalars['String']['output']>;
  url_string?: Maybe<Scalars['String']['output']>;
};

export type OcsfUser = {
  __typename?: 'OcsfUser';
  account?: Maybe<OcsfAccount>;
  email_addr?: Maybe<Scalars['String']['output']>;
  full_name?: Maybe<Scalars['String']['output']>;
  groups?: Maybe<Array<OcsfGroup>>;
  has_mfa?: Maybe<Scalars['Boolean']['output']>;
  ldap_person?: Maybe<OcsfLdapPerson>;
  name?: Maybe<Scalars['String']['output']>;
  type?: Maybe<Scalars['String']['output']>;
  type_id?: Maybe<Scalars['Int']['output']>;
  uid?: Maybe<Scalars['String']['output']>;
};

export type OcsfUserInventory = OcsfEvent & {
  __typename?: 'OcsfUserInventory';
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
  user: OcsfUser;
};

export type OcsfUserManagement = OcsfEvent & {
  __typename?: 'OcsfUserManagement';
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  actor?: Maybe<OcsfActor>;
  auth_factors?: Maybe<Array<OcsfAuthFactor>>;
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  http_request?: Maybe<OcsfHttpRequest>;
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  src_endpoint?: Maybe<OcsfNetworkEndpoint>;
  status?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
  user: OcsfUser;
};

export type OcsfVersion =
  | 'V1_1_0'
  | 'V1_3_0'
  | 'V1_6_0'
  | 'V1_8_0'
  | 'V1_9_0';

export type OcsfWebResource = {
  __typename?: 'OcsfWebResource';
  data?: Maybe<Scalars['JSON']['output']>;
  labels?: Maybe<Array<Scalars['String']['output']>>;
  name?: Maybe<Scalars['String']['output']>;
  type?: Maybe<Scalars['String']['output']>;
  uid?: Maybe<Scalars['String']['output']>;
  url_string?: Maybe<Scalars['String']['output']>;
};

export type OcsfWebResourcesActivity = OcsfEvent & {
  __typename?: 'OcsfWebResourcesActivity';
  action?: Maybe<Scalars['String']['output']>;
  action_id?: Maybe<Scalars['Int']['output']>;
  activity_id: Scalars['Int']['output'];
  activity_name: Scalars['String']['output'];
  actor?: Maybe<OcsfActor>;
  category_name: Scalars['String']['output'];
  category_uid: Scalars['Int']['output'];
  class_name: Scalars['String']['output'];
  class_uid: Scalars['Int']['output'];
  disposition?: Maybe<Scalars['String']['output']>;
  disposition_id?: Maybe<Scalars['Int']['output']>;
  dst_endpoint?: Maybe<OcsfNetworkEndpoint>;
  http_request?: Maybe<OcsfHttpRequest>;
  json: Scalars['JSON']['output'];
  message?: Maybe<Scalars['String']['output']>;
  metadata: OcsfMetadata;
  observables?: Maybe<Array<OcsfObservable>>;
  policy?: Maybe<OcsfPolicy>;
  raw_data?: Maybe<Scalars['String']['output']>;
  raw_data_hash?: Maybe<OcsfFingerprint>;
  raw_data_size?: Maybe<Scalars['Long']['output']>;
  severity: Scalars['String']['output'];
  severity_id: Scalars['Int']['output'];
  src_endpoint?: Maybe<OcsfNetworkEndpoint>;
  status?: Maybe<Scalars['String']['output']>;
  status_detail?: Maybe<Scalars['String']['output']>;
  status_id?: Maybe<Scalars['Int']['output']>;
  time: Scalars['Long']['output'];
  time_dt: Scalars['DateTime']['output'];
  type_name: Scalars['String']['output'];
  type_uid: Scalars['Long']['output'];
  unmapped?: Maybe<Scalars['JSON']['output']>;
  web_resources: Array<OcsfWebResource>;
};

export type OperatingSystem =
  | 'ANDROID'
  | 'CHROME_OS'
  | 'IOS'
  | 'LINUX'
  | 'MACOS'
  | 'UNKNOWN'
  | 'UNRECOGNIZED'
  | 'WINDOWS';

export type OperatingSystemFilter = {
  eq?: InputMaybe<OperatingSystem>;
  in?: InputMaybe<Array<OperatingSystem>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<OperatingSystem>;
  notIn?: InputMaybe<Array<OperatingSystem>>;
};

export type OrderDirection =
  | 'ASC'
  | 'DESC';

export type OtherAccount = Entity & {
  __typename?: 'OtherAccount';
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  createdAt?: Maybe<Scalars['DateTime']['output']>;
  email?: Maybe<Scalars['String']['output']>;
  employee?: Maybe<Employee>;
  employeeId?: Maybe<Scalars['ID']['output']>;
  id: Scalars['ID']['output'];
  lastUsedAt?: Maybe<Scalars['DateTime']['output']>;
  loginMethods: OtherLoginMethods;
  ocsf?: Maybe<OcsfUserInventory>;
  otherApp?: Maybe<OtherApp>;
  otherAppId?: Maybe<Scalars['ID']['output']>;
};


export type OtherAccountOcsfArgs = {
  version?: InputMaybe<OcsfVersion>;
};

export type OtherAccountConnection = {
  __typename?: 'OtherAccountConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<OtherAccountEdge>;
  groupCount?: Maybe<Scalars['Int']['output']>;
  groups?: Maybe<Array<OtherAccountGroupCount>>;
  nodes: Array<OtherAccount>;
  pageInfo: PageInfo;
  totalCount?: Maybe<Scalars['Int']['output']>;
};


export type OtherAccountConnectionGroupCountArgs = {
  by: Array<OtherAccountDimension>;
};


export type OtherAccountConnectionGroupsArgs = {
  by: Array<OtherAccountDimension>;
  fill?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  having?: InputMaybe<IntFilter>;
  orderBy?: InputMaybe<Array<GroupOrder>>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type OtherAccountDimension =
  | 'CONNECTOR'
  | 'CREATED_DAY'
  | 'CREATED_HOUR'
  | 'CREATED_MONTH'
  | 'CREATED_WEEK'
  | 'EMAIL'
  | 'EMPLOYEE_DEPARTMENT'
  | 'EMPLOYEE_EMAIL'
  | 'EMPLOYEE_GROUPS'
  | 'EMPLOYEE_ID'
  | 'EMPLOYEE_LICENSED'
  | 'EMPLOYEE_LOCATION'
  | 'ID'
  | 'LAST_USED_DAY'
  | 'LAST_USED_HOUR'
  | 'LAST_USED_MONTH'
  | 'LAST_USED_WEEK'
  | 'OIDC_LOGIN'
  | 'OTHER_APP_ID'
  | 'PASSWORD_LOGIN'
  | 'SAML_LOGIN';

export type OtherAccountEdge = {
  __typename?: 'OtherAccountEdge';
  cursor: Scalars['String']['output'];
  node: OtherAccount;
};

export type OtherAccountFilter = {
  and?: InputMaybe<Array<OtherAccountFilter>>;
  connectorAlias?: InputMaybe<StringFilter>;
  createdAt?: InputMaybe<DateTimeFilter>;
  email?: InputMaybe<StringFilter>;
  employee?: InputMaybe<EmployeeFilter>;
  employeeId?: InputMaybe<IdFilter>;
  id?: InputMaybe<IdFilter>;
  lastUsedAt?: InputMaybe<DateTimeFilter>;
  loginMethods?: InputMaybe<OtherLoginMethodsFilter>;
  not?: InputMaybe<OtherAccountFilter>;
  or?: InputMaybe<Array<OtherAccountFilter>>;
  otherAppId?: InputMaybe<IdFilter>;
};

export type OtherAccountGroupCount = GroupCount & {
  __typename?: 'OtherAccountGroupCount';
  count: Scalars['Int']['output'];
  distinct: Scalars['Int']['output'];
  keys: Array<Maybe<Scalars['String']['output']>>;
  share: Scalars['Float']['output'];
  time?: Maybe<Scalars['DateTime']['output']>;
};


export type OtherAccountGroupCountDistinctArgs = {
  of: OtherAccountDimension;
};


export type OtherAccountGroupCountShareArgs = {
  where: OtherAccountFilter;
};

export type OtherAccountOrder = {
  direction?: OrderDirection;
  field: OtherAccountOrderField;
};

export type OtherAccountOrderField =
  | 'CREATED_AT'
  | 'EMAIL'
  | 'EMPLOYEE_ID'
  | 'ID'
  | 'LAST_USED_AT'
  | 'OIDC_LOGIN'
  | 'OTHER_APP_ID'
  | 'PASSWORD_LOGIN'
  | 'SAML_LOGIN';

export type OtherApp = Entity & {
  __typename?: 'OtherApp';
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  createdAt?: Maybe<Scalars['DateTime']['output']>;
  domain?: Maybe<Scalars['String']['output']>;
  hidden?: Maybe<Scalars['Boolean']['output']>;
  id: Scalars['ID']['output'];
  name?: Maybe<Scalars['String']['output']>;
  oauthAppId?: Maybe<Scalars['ID']['output']>;
  ocsf?: Maybe<OcsfEvent>;
  requestSupportStatus?: Maybe<Scalars['String']['output']>;
};


export type OtherAppOcsfArgs = {
  version?: InputMaybe<OcsfVersion>;
};

export type OtherAppConnection = {
  __typename?: 'OtherAppConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<OtherAppEdge>;
  groupCount?: Maybe<Scalars['Int']['output']>;
  groups?: Maybe<Array<OtherAppGroupCount>>;
  nodes: Array<OtherApp>;
  pageInfo: PageInfo;
  totalCount?: Maybe<Scalars['Int']['output']>;
};


export type OtherAppConnectionGroupCountArgs = {
  by: Array<OtherAppDimension>;
};


export type OtherAppConnectionGroupsArgs = {
  by: Array<OtherAppDimension>;
  fill?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  having?: InputMaybe<IntFilter>;
  orderBy?: InputMaybe<Array<GroupOrder>>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type OtherAppDimension =
  | 'CONNECTOR'
  | 'CREATED_DAY'
  | 'CREATED_HOUR'
  | 'CREATED_MONTH'
  | 'CREATED_WEEK'
  | 'DOMAIN'
  | 'HIDDEN'
  | 'ID'
  | 'NAME'
  | 'OAUTH_APP_ID'
  | 'REQUEST_SUPPORT_STATUS';

export type OtherAppEdge = {
  __typename?: 'OtherAppEdge';
  cursor: Scalars['String']['output'];
  node: OtherApp;
};

export type OtherAppFilter = {
  and?: InputMaybe<Array<OtherAppFilter>>;
  connectorAlias?: InputMaybe<StringFilter>;
  createdAt?: InputMaybe<DateTimeFilter>;
  domain?: InputMaybe<StringFilter>;
  exists?: InputMaybe<Scalars['Boolean']['input']>;
  hidden?: InputMaybe<BooleanFilter>;
  id?: InputMaybe<IdFilter>;
  name?: InputMaybe<StringFilter>;
  not?: InputMaybe<OtherAppFilter>;
  oauthAppId?: InputMaybe<IdFilter>;
  or?: InputMaybe<Array<OtherAppFilter>>;
  requestSupportStatus?: InputMaybe<StringFilter>;
};

export type OtherAppGroupCount = GroupCount & {
  __typename?: 'OtherAppGroupCount';
  count: Scalars['Int']['output'];
  distinct: Scalars['Int']['output'];
  keys: Array<Maybe<Scalars['String']['output']>>;
  share: Scalars['Float']['output'];
  time?: Maybe<Scalars['DateTime']['output']>;
};


export type OtherAppGroupCountDistinctArgs = {
  of: OtherAppDimension;
};


export type OtherAppGroupCountShareArgs = {
  where: OtherAppFilter;
};

export type OtherAppOrder = {
  direction?: OrderDirection;
  field: OtherAppOrderField;
};

export type OtherAppOrderField =
  | 'CREATED_AT'
  | 'DOMAIN'
  | 'HIDDEN'
  | 'ID'
  | 'NAME'
  | 'OAUTH_APP_ID'
  | 'REQUEST_SUPPORT_STATUS';

export type OtherEvent = Entity & Event & {
  __typename?: 'OtherEvent';
  account?: Maybe<Account>;
  accountId?: Maybe<Scalars['ID']['output']>;
  app?: Maybe<App>;
  appId?: Maybe<Scalars['ID']['output']>;
  category: EventCategory;
  categoryRaw: Scalars['String']['output'];
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  cursor: Scalars['String']['output'];
  description?: Maybe<Scalars['String']['output']>;
  email?: Maybe<Scalars['String']['output']>;
  employee?: Maybe<Employee>;
  employeeId?: Maybe<Scalars['ID']['output']>;
  entityId?: Maybe<Scalars['ID']['output']>;
  id: Scalars['ID']['output'];
  inferred?: Maybe<Array<Scalars['String']['output']>>;
  new?: Maybe<Scalars['JSON']['output']>;
  object: Scalars['String']['output'];
  objectName?: Maybe<Scalars['String']['output']>;
  occurredAt: Scalars['DateTime']['output'];
  ocsf?: Maybe<OcsfEvent>;
  old?: Maybe<Scalars['JSON']['output']>;
  payload?: Maybe<Scalars['JSON']['output']>;
  receivedAt: Scalars['DateTime']['output'];
  sourceIpAddress?: Maybe<Scalars['String']['output']>;
  type?: Maybe<ChangeType>;
  typeRaw?: Maybe<Scalars['String']['output']>;
  url?: Maybe<Scalars['String']['output']>;
};


export type OtherEventOcsfArgs = {
  rawData?: InputMaybe<Scalars['Boolean']['input']>;
  version?: InputMaybe<OcsfVersion>;
};

export type OtherLoginMethods = {
  __typename?: 'OtherLoginMethods';
  oidcLogin?: Maybe<Scalars['String']['output']>;
  passwordLogin?: Maybe<Scalars['Boolean']['output']>;
  samlLogin?: Maybe<Scalars['String']['output']>;
};

export type OtherLoginMethodsFilter = {
  and?: InputMaybe<Array<OtherLoginMethodsFilter>>;
  not?: InputMaybe<OtherLoginMethodsFilter>;
  oidcLogin?: InputMaybe<StringFilter>;
  or?: InputMaybe<Array<OtherLoginMethodsFilter>>;
  passwordLogin?: InputMaybe<BooleanFilter>;
  samlLogin?: InputMaybe<StringFilter>;
};

export type PageInfo = {
  __typename?: 'PageInfo';
  endCursor?: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor?: Maybe<Scalars['String']['output']>;
};

export type Query = {
  __typename?: 'Query';
  account?: Maybe<Account>;
  accounts?: Maybe<AccountConnection>;
  app?: Maybe<App>;
  apps?: Maybe<AppConnection>;
  browser?: Maybe<Browser>;
  browserExtension?: Maybe<BrowserExtension>;
  browserExtensions?: Maybe<BrowserExtensionConnection>;
  browsers?: Maybe<BrowserConnection>;
  changes?: Maybe<ChangeConnection>;
  connectors: Array<Connector>;
  detection?: Maybe<Detection>;
  detections?: Maybe<DetectionConnection>;
  employee?: Maybe<Employee>;
  employees?: Maybe<EmployeeConnection>;
  events?: Maybe<EventConnection>;
  finding?: Maybe<Finding>;
  findings?: Maybe<FindingConnection>;
  ocsfEvents?: Maybe<OcsfEventConnection>;
  otherAccounts?: Maybe<OtherAccountConnection>;
  otherApps?: Maybe<OtherAppConnection>;
  search?: Maybe<SearchConnection>;
  timeline?: Maybe<TimelineConnection>;
};


export type QueryAccountArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  connector?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
};


export type QueryAccountsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  at?: InputMaybe<Scalars['DateTime']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  filter?: InputMaybe<AccountFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<AccountOrder>>;
};


export type QueryAppArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  connector?: InputMaybe<Scalars['String']['input']>;
  id?: InputMaybe<Scalars['ID']['input']>;
  type?: InputMaybe<Scalars['String']['input']>;
};


export type QueryAppsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  at?: InputMaybe<Scalars['DateTime']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  filter?: InputMaybe<AppFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<AppOrder>>;
};


export type QueryBrowserArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  connector?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
};


export type QueryBrowserExtensionArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  connector?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
};


export type QueryBrowserExtensionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  at?: InputMaybe<Scalars['DateTime']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  filter?: InputMaybe<BrowserExtensionFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<BrowserExtensionOrder>>;
};


export type QueryBrowsersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  at?: InputMaybe<Scalars['DateTime']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  filter?: InputMaybe<BrowserFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<BrowserOrder>>;
};


export type QueryChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  collections?: InputMaybe<Array<Collection>>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  filter?: InputMaybe<ChangeFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<ChangeOrder>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryDetectionArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  connector?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
};


export type QueryDetectionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  at?: InputMaybe<Scalars['DateTime']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  filter?: InputMaybe<DetectionFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<DetectionOrder>>;
};


export type QueryEmployeeArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  connector?: InputMaybe<Scalars['String']['input']>;
  email?: InputMaybe<Scalars['String']['input']>;
  id?: InputMaybe<Scalars['ID']['input']>;
};


export type QueryEmployeesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  at?: InputMaybe<Scalars['DateTime']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  filter?: InputMaybe<EmployeeFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<EmployeeOrder>>;
};


export type QueryEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  filter?: InputMaybe<EventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<EventOrder>>;
};


export type QueryFindingArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  connector?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
};


export type QueryFindingsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  at?: InputMaybe<Scalars['DateTime']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  filter?: InputMaybe<FindingFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<FindingOrder>>;
};


export type QueryOcsfEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  filter?: InputMaybe<OcsfEventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  rawData?: InputMaybe<Scalars['Boolean']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  types?: InputMaybe<Array<EntityType>>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
  version?: InputMaybe<OcsfVersion>;
};


export type QueryOtherAccountsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  filter?: InputMaybe<OtherAccountFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<OtherAccountOrder>>;
};


export type QueryOtherAppsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  filter?: InputMaybe<OtherAppFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<OtherAppOrder>>;
};


export type QuerySearchArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<Array<ObservableKind>>;
  types?: InputMaybe<Array<EntityType>>;
  value: Scalars['String']['input'];
};


export type QueryTimelineArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  connectors?: InputMaybe<Array<Scalars['String']['input']>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<Array<TimelineKind>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
  value: Scalars['String']['input'];
};

export type RateLimit = {
  __typename?: 'RateLimit';
  available: Scalars['Int']['output'];
  burst: Scalars['Int']['output'];
  estimatedWaitMs: Scalars['Int']['output'];
  limit: Scalars['Float']['output'];
  queued: Scalars['Int']['output'];
};

export type RemoveAccountLoginMethodInput = {
  clientMutationId?: InputMaybe<Scalars['String']['input']>;
  connector?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
  ifUnchangedSince?: InputMaybe<Scalars['String']['input']>;
  loginMethod: AccountLoginMethod;
};

export type RemoveAccountLoginMethodPayload = {
  __typename?: 'RemoveAccountLoginMethodPayload';
  account?: Maybe<Account>;
  clientMutationId?: Maybe<Scalars['String']['output']>;
};

export type Replica = {
  __typename?: 'Replica';
  asks: Scalars['Int']['output'];
  isThis: Scalars['Boolean']['output'];
  name: Scalars['String']['output'];
};

export type SearchConnection = {
  __typename?: 'SearchConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<SearchEdge>;
  nodes: Array<Entity>;
  pageInfo: PageInfo;
  totalCount?: Maybe<Scalars['Int']['output']>;
};

export type SearchEdge = {
  __typename?: 'SearchEdge';
  cursor: Scalars['String']['output'];
  matchedOn: Array<SearchMatch>;
  node: Entity;
};

export type SearchMatch = {
  __typename?: 'SearchMatch';
  field: Scalars['String']['output'];
  kind: ObservableKind;
  via?: Maybe<Scalars['String']['output']>;
};

export type SharedDatabase = {
  __typename?: 'SharedDatabase';
  answerMs?: Maybe<Scalars['Int']['output']>;
  clockOffsetMs: Scalars['Int']['output'];
  reachable: Scalars['Boolean']['output'];
  replicas: Array<Replica>;
  waiting: Scalars['Int']['output'];
};

export type Sink = {
  __typename?: 'Sink';
  at?: Maybe<Scalars['DateTime']['output']>;
  kind: Scalars['String']['output'];
  lagSeconds?: Maybe<Scalars['Float']['output']>;
  lastError?: Maybe<Scalars['String']['output']>;
  name: Scalars['String']['output'];
  quarantined?: Maybe<Scalars['Long']['output']>;
  sent?: Maybe<Scalars['Long']['output']>;
  state: SinkState;
};

export type SinkState =
  | 'ELSEWHERE'
  | 'FAILING'
  | 'OK';

export type StoredCollection = {
  __typename?: 'StoredCollection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  bytes: Scalars['Long']['output'];
  collection: Collection;
  complete: Scalars['Boolean']['output'];
  drift: Scalars['Int']['output'];
  followed: Scalars['Boolean']['output'];
  refreshing: Scalars['Boolean']['output'];
  rows: Scalars['Int']['output'];
};

export type StringFilter = {
  caseSensitive?: InputMaybe<Scalars['Boolean']['input']>;
  contains?: InputMaybe<Scalars['String']['input']>;
  endsWith?: InputMaybe<Scalars['String']['input']>;
  eq?: InputMaybe<Scalars['String']['input']>;
  in?: InputMaybe<Array<Scalars['String']['input']>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  like?: InputMaybe<Scalars['String']['input']>;
  ne?: InputMaybe<Scalars['String']['input']>;
  notIn?: InputMaybe<Array<Scalars['String']['input']>>;
  startsWith?: InputMaybe<Scalars['String']['input']>;
};

export type StringListFilter = {
  all?: InputMaybe<StringFilter>;
  any?: InputMaybe<StringFilter>;
  isEmpty?: InputMaybe<Scalars['Boolean']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  none?: InputMaybe<StringFilter>;
};

export type Subscription = {
  __typename?: 'Subscription';
  changes: Change;
  events: Event;
};


export type SubscriptionChangesArgs = {
  filter?: InputMaybe<ChangeFilter>;
  since?: InputMaybe<Scalars['String']['input']>;
};


export type SubscriptionEventsArgs = {
  filter?: InputMaybe<EventFilter>;
  since?: InputMaybe<Scalars['String']['input']>;
};

export type TimelineConnection = {
  __typename?: 'TimelineConnection';
  asOf?: Maybe<Scalars['DateTime']['output']>;
  complete: Scalars['Boolean']['output'];
  edges: Array<TimelineEdge>;
  nodes: Array<TimelineItem>;
  pageInfo: PageInfo;
};

export type TimelineEdge = {
  __typename?: 'TimelineEdge';
  cursor: Scalars['String']['output'];
  node: TimelineItem;
};

export type TimelineItem = {
  __typename?: 'TimelineItem';
  at: Scalars['DateTime']['output'];
  change?: Maybe<Change>;
  connector: Connector;
  connectorAlias: Scalars['String']['output'];
  detectionEvent?: Maybe<DetectionEvent>;
  event?: Maybe<Event>;
  kind: TimelineKind;
  object: Entity;
  text?: Maybe<Scalars['String']['output']>;
};

export type TimelineKind =
  | 'ACCOUNT_FIRST_SEEN'
  | 'ACCOUNT_LAST_USED'
  | 'APP_FIRST_SEEN'
  | 'BROWSER_FIRST_ONLINE'
  | 'BROWSER_LAST_ONLINE'
  | 'CHANGE'
  | 'DETECTION'
  | 'DETECTION_EVENT'
  | 'EMPLOYEE_FIRST_SEEN'
  | 'EVENT'
  | 'FINDING';

export type UpdateAppInput = {
  approvalStatus?: InputMaybe<AppApprovalStatus>;
  clientMutationId?: InputMaybe<Scalars['String']['input']>;
  connector?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
  ifUnchangedSince?: InputMaybe<Scalars['String']['input']>;
  notes?: InputMaybe<Scalars['String']['input']>;
  ownerId?: InputMaybe<Scalars['ID']['input']>;
  sensitivityLevel?: InputMaybe<AppSensitivityLevel>;
};

export type UpdateAppPayload = {
  __typename?: 'UpdateAppPayload';
  app?: Maybe<App>;
  clientMutationId?: Maybe<Scalars['String']['output']>;
};

export type UpdateDetectionInput = {
  archived?: InputMaybe<Scalars['Boolean']['input']>;
  classification?: InputMaybe<Scalars['String']['input']>;
  clientMutationId?: InputMaybe<Scalars['String']['input']>;
  connector?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
  ifUnchangedSince?: InputMaybe<Scalars['String']['input']>;
};

export type UpdateDetectionPayload = {
  __typename?: 'UpdateDetectionPayload';
  clientMutationId?: Maybe<Scalars['String']['output']>;
  detection?: Maybe<Detection>;
};

export type UpdateEmployeeInput = {
  clientMutationId?: InputMaybe<Scalars['String']['input']>;
  connector?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
  ifUnchangedSince?: InputMaybe<Scalars['String']['input']>;
  licensed?: InputMaybe<Scalars['Boolean']['input']>;
};

export type UpdateEmployeePayload = {
  __typename?: 'UpdateEmployeePayload';
  clientMutationId?: Maybe<Scalars['String']['output']>;
  employee?: Maybe<Employee>;
};

export type VersionFilter = {
  caseSensitive?: InputMaybe<Scalars['Boolean']['input']>;
  contains?: InputMaybe<Scalars['String']['input']>;
  endsWith?: InputMaybe<Scalars['String']['input']>;
  eq?: InputMaybe<Scalars['String']['input']>;
  gt?: InputMaybe<Scalars['String']['input']>;
  gte?: InputMaybe<Scalars['String']['input']>;
  in?: InputMaybe<Array<Scalars['String']['input']>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  like?: InputMaybe<Scalars['String']['input']>;
  lt?: InputMaybe<Scalars['String']['input']>;
  lte?: InputMaybe<Scalars['String']['input']>;
  ne?: InputMaybe<Scalars['String']['input']>;
  notIn?: InputMaybe<Array<Scalars['String']['input']>>;
  startsWith?: InputMaybe<Scalars['String']['input']>;
};

export type WeakPasswordReason =
  | 'BANNED_BASE_WORD'
  | 'COMMON_BASE_WORD'
  | 'COMPROMISED_HIBP'
  | 'UNRECOGNIZED';

export type WeakPasswordReasonFilter = {
  eq?: InputMaybe<WeakPasswordReason>;
  in?: InputMaybe<Array<WeakPasswordReason>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<WeakPasswordReason>;
  notIn?: InputMaybe<Array<WeakPasswordReason>>;
};

export type WeakPasswordReasonListFilter = {
  all?: InputMaybe<WeakPasswordReasonFilter>;
  any?: InputMaybe<WeakPasswordReasonFilter>;
  isEmpty?: InputMaybe<Scalars['Boolean']['input']>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  none?: InputMaybe<WeakPasswordReasonFilter>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;




/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Entity:
    | ( ObjectParent<'accounts'> )
    | ( ObjectParent<'apps'> )
    | ( EventParent )
    | ( ObjectParent<'browsers'> )
    | ( ObjectParent<'browserExtensions'> )
    | ( EventParent )
    | ( ObjectParent<'detections'> )
    | ( EventParent )
    | ( ObjectParent<'employees'> )
    | ( EventParent )
    | ( ObjectParent<'findings'> )
    | ( EventParent )
    | ( OtherAccountParent )
    | ( OtherAppParent )
    | ( EventParent )
  ;
  Event:
    | ( EventParent )
    | ( EventParent )
    | ( EventParent )
    | ( EventParent )
    | ( EventParent )
    | ( EventParent )
  ;
  GroupCount:
    | ( GroupParent )
    | ( GroupParent )
    | ( GroupParent )
    | ( GroupParent )
    | ( GroupParent )
    | ( GroupParent )
    | ( GroupParent )
    | ( GroupParent )
    | ( GroupParent )
    | ( GroupParent )
    | ( GroupParent )
  ;
  OcsfEvent:
    | ( OcsfEventParent )
    | ( OcsfEventParent )
    | ( OcsfEventParent )
    | ( OcsfEventParent )
    | ( OcsfEventParent )
    | ( OcsfEventParent )
    | ( OcsfEventParent )
    | ( OcsfGroupManagement )
    | ( OcsfEventParent )
    | ( OcsfEventParent )
    | ( OcsfEventParent )
    | ( OcsfUserManagement )
    | ( OcsfEventParent )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Account: ResolverTypeWrapper<ObjectParent<'accounts'>>;
  AccountConnection: ResolverTypeWrapper<ListConnectionParent>;
  AccountCountFilter: AccountCountFilter;
  AccountDimension: AccountDimension;
  AccountEdge: ResolverTypeWrapper<Omit<AccountEdge, 'node'> & { node: ResolversTypes['Account'] }>;
  AccountFilter: AccountFilter;
  AccountGroupCount: ResolverTypeWrapper<GroupParent>;
  AccountListFilter: AccountListFilter;
  AccountLoginMethod: AccountLoginMethod;
  AccountOrder: AccountOrder;
  AccountOrderField: AccountOrderField;
  App: ResolverTypeWrapper<ObjectParent<'apps'>>;
  AppApprovalStatus: AppApprovalStatus;
  AppApprovalStatusFilter: AppApprovalStatusFilter;
  AppConnection: ResolverTypeWrapper<ListConnectionParent>;
  AppCountFilter: AppCountFilter;
  AppDimension: AppDimension;
  AppEdge: ResolverTypeWrapper<Omit<AppEdge, 'node'> & { node: ResolversTypes['App'] }>;
  AppFilter: AppFilter;
  AppGroupCount: ResolverTypeWrapper<GroupParent>;
  AppListFilter: AppListFilter;
  AppOrder: AppOrder;
  AppOrderField: AppOrderField;
  AppSensitivityLevel: AppSensitivityLevel;
  AppSensitivityLevelFilter: AppSensitivityLevelFilter;
  AuditEvent: ResolverTypeWrapper<EventParent>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  BooleanFilter: BooleanFilter;
  Browser: ResolverTypeWrapper<ObjectParent<'browsers'>>;
  BrowserConnection: ResolverTypeWrapper<ListConnectionParent>;
  BrowserCountFilter: BrowserCountFilter;
  BrowserDimension: BrowserDimension;
  BrowserEdge: ResolverTypeWrapper<Omit<BrowserEdge, 'node'> & { node: ResolversTypes['Browser'] }>;
  BrowserExtension: ResolverTypeWrapper<ObjectParent<'browserExtensions'>>;
  BrowserExtensionConnection: ResolverTypeWrapper<ListConnectionParent>;
  BrowserExtensionCountFilter: BrowserExtensionCountFilter;
  BrowserExtensionDimension: BrowserExtensionDimension;
  BrowserExtensionEdge: ResolverTypeWrapper<Omit<BrowserExtensionEdge, 'node'> & { node: ResolversTypes['BrowserExtension'] }>;
  BrowserExtensionFilter: BrowserExtensionFilter;
  BrowserExtensionGroupCount: ResolverTypeWrapper<GroupParent>;
  BrowserExtensionListFilter: BrowserExtensionListFilter;
  BrowserExtensionOrder: BrowserExtensionOrder;
  BrowserExtensionOrderField: BrowserExtensionOrderField;
  BrowserFilter: BrowserFilter;
  BrowserGroupCount: ResolverTypeWrapper<GroupParent>;
  BrowserListFilter: BrowserListFilter;
  BrowserName: BrowserName;
  BrowserNameFilter: BrowserNameFilter;
  BrowserOrder: BrowserOrder;
  BrowserOrderField: BrowserOrderField;
  BrowserTokenType: BrowserTokenType;
  BrowserTokenTypeFilter: BrowserTokenTypeFilter;
  Capability: ResolverTypeWrapper<Capability>;
  Change: ResolverTypeWrapper<ChangeParent>;
  ChangeConnection: ResolverTypeWrapper<StoredConnectionParent>;
  ChangeDimension: ChangeDimension;
  ChangeEdge: ResolverTypeWrapper<Omit<ChangeEdge, 'node'> & { node: ResolversTypes['Change'] }>;
  ChangeFilter: ChangeFilter;
  ChangeGroupCount: ResolverTypeWrapper<GroupParent>;
  ChangeKind: ChangeKind;
  ChangeKindFilter: ChangeKindFilter;
  ChangeOrder: ChangeOrder;
  ChangeOrderField: ChangeOrderField;
  ChangeSource: ChangeSource;
  ChangeSourceFilter: ChangeSourceFilter;
  ChangeType: ChangeType;
  ChangeTypeFilter: ChangeTypeFilter;
  Collection: ResolverTypeWrapper<CollectionName>;
  CollectionFilter: CollectionFilter;
  Connector: ResolverTypeWrapper<ConnectorParent>;
  ConnectorStatus: ConnectorStatus;
  ControlEvent: ResolverTypeWrapper<EventParent>;
  ControlMode: ControlMode;
  ControlModeFilter: ControlModeFilter;
  ControlNotice: ResolverTypeWrapper<MembersParent>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DateTimeFilter: DateTimeFilter;
  DeleteAccountInput: DeleteAccountInput;
  DeleteAccountPayload: ResolverTypeWrapper<WritePayloadParent>;
  Detection: ResolverTypeWrapper<ObjectParent<'detections'>>;
  DetectionChangeEvent: ResolverTypeWrapper<EventParent>;
  DetectionConnection: ResolverTypeWrapper<ListConnectionParent>;
  DetectionCountFilter: DetectionCountFilter;
  DetectionDimension: DetectionDimension;
  DetectionEdge: ResolverTypeWrapper<Omit<DetectionEdge, 'node'> & { node: ResolversTypes['Detection'] }>;
  DetectionEvent: ResolverTypeWrapper<DetectionEventParent>;
  DetectionEventCountFilter: DetectionEventCountFilter;
  DetectionEventFilter: DetectionEventFilter;
  DetectionEventListFilter: DetectionEventListFilter;
  DetectionFilter: DetectionFilter;
  DetectionGroupCount: ResolverTypeWrapper<GroupParent>;
  DetectionListFilter: DetectionListFilter;
  DetectionOrder: DetectionOrder;
  DetectionOrderField: DetectionOrderField;
  DetectionSeverity: DetectionSeverity;
  DetectionSeverityFilter: DetectionSeverityFilter;
  DetectionType: DetectionType;
  DetectionTypeFilter: DetectionTypeFilter;
  Duration: ResolverTypeWrapper<Scalars['Duration']['output']>;
  Employee: ResolverTypeWrapper<ObjectParent<'employees'>>;
  EmployeeConnection: ResolverTypeWrapper<ListConnectionParent>;
  EmployeeDimension: EmployeeDimension;
  EmployeeEdge: ResolverTypeWrapper<Omit<EmployeeEdge, 'node'> & { node: ResolversTypes['Employee'] }>;
  EmployeeFilter: EmployeeFilter;
  EmployeeGroupCount: ResolverTypeWrapper<GroupParent>;
  EmployeeOrder: EmployeeOrder;
  EmployeeOrderField: EmployeeOrderField;
  Entity: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Entity']>;
  EntityEvent: ResolverTypeWrapper<EventParent>;
  EntityType: EntityType;
  Event: ResolverTypeWrapper<EventParent>;
  EventActor: ResolverTypeWrapper<MembersParent>;
  EventCategory: EventCategory;
  EventCategoryFilter: EventCategoryFilter;
  EventChange: ResolverTypeWrapper<EventChange>;
  EventConnection: ResolverTypeWrapper<StoredConnectionParent>;
  EventDimension: EventDimension;
  EventEdge: ResolverTypeWrapper<Omit<EventEdge, 'node'> & { node: ResolversTypes['Event'] }>;
  EventFilter: EventFilter;
  EventGroupCount: ResolverTypeWrapper<GroupParent>;
  EventOrder: EventOrder;
  EventOrderField: EventOrderField;
  EventStore: ResolverTypeWrapper<EventStore>;
  ExtensionDeploymentMode: ExtensionDeploymentMode;
  ExtensionDeploymentModeFilter: ExtensionDeploymentModeFilter;
  Finding: ResolverTypeWrapper<ObjectParent<'findings'>>;
  FindingConnection: ResolverTypeWrapper<ListConnectionParent>;
  FindingCountFilter: FindingCountFilter;
  FindingDimension: FindingDimension;
  FindingEdge: ResolverTypeWrapper<Omit<FindingEdge, 'node'> & { node: ResolversTypes['Finding'] }>;
  FindingFilter: FindingFilter;
  FindingGroupCount: ResolverTypeWrapper<GroupParent>;
  FindingListFilter: FindingListFilter;
  FindingOrder: FindingOrder;
  FindingOrderField: FindingOrderField;
  FindingState: FindingState;
  FindingStateFilter: FindingStateFilter;
  FindingType: FindingType;
  FindingTypeFilter: FindingTypeFilter;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  GroupCount: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['GroupCount']>;
  GroupOrder: GroupOrder;
  GroupOrderKey: GroupOrderKey;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  IDFilter: IdFilter;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  IntFilter: IntFilter;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  LoginEvent: ResolverTypeWrapper<EventParent>;
  LoginMethods: ResolverTypeWrapper<ObjectParent<'accounts'>>;
  LoginMethodsFilter: LoginMethodsFilter;
  Long: ResolverTypeWrapper<Scalars['Long']['output']>;
  MfaMethod: MfaMethod;
  MfaMethodFilter: MfaMethodFilter;
  MfaMethodListFilter: MfaMethodListFilter;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ObservableKind: ObservableKind;
  OcsfAccount: ResolverTypeWrapper<OcsfAccount>;
  OcsfAccountChange: ResolverTypeWrapper<OcsfEventParent>;
  OcsfActor: ResolverTypeWrapper<OcsfActor>;
  OcsfAgent: ResolverTypeWrapper<OcsfAgent>;
  OcsfAnalytic: ResolverTypeWrapper<OcsfAnalytic>;
  OcsfAuthFactor: ResolverTypeWrapper<OcsfAuthFactor>;
  OcsfAuthentication: ResolverTypeWrapper<OcsfEventParent>;
  OcsfBaseEvent: ResolverTypeWrapper<OcsfEventParent>;
  OcsfCheck: ResolverTypeWrapper<OcsfCheck>;
  OcsfCloudResourcesInventoryInfo: ResolverTypeWrapper<OcsfEventParent>;
  OcsfCompliance: ResolverTypeWrapper<OcsfCompliance>;
  OcsfComplianceFinding: ResolverTypeWrapper<OcsfEventParent>;
  OcsfDetectionFinding: ResolverTypeWrapper<OcsfEventParent>;
  OcsfDevice: ResolverTypeWrapper<OcsfDevice>;
  OcsfEntityManagement: ResolverTypeWrapper<OcsfEventParent>;
  OcsfEvent: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['OcsfEvent']>;
  OcsfEventConnection: ResolverTypeWrapper<OcsfEventConnectionParent>;
  OcsfEventEdge: ResolverTypeWrapper<Omit<OcsfEventEdge, 'node'> & { node: ResolversTypes['OcsfEvent'] }>;
  OcsfEventFilter: OcsfEventFilter;
  OcsfEvidences: ResolverTypeWrapper<OcsfEvidences>;
  OcsfFeature: ResolverTypeWrapper<OcsfFeature>;
  OcsfFindingInfo: ResolverTypeWrapper<OcsfFindingInfo>;
  OcsfFingerprint: ResolverTypeWrapper<OcsfFingerprint>;
  OcsfGroup: ResolverTypeWrapper<OcsfGroup>;
  OcsfGroupManagement: ResolverTypeWrapper<OcsfGroupManagement>;
  OcsfHttpRequest: ResolverTypeWrapper<OcsfHttpRequest>;
  OcsfIdp: ResolverTypeWrapper<OcsfIdp>;
  OcsfInventoryInfo: ResolverTypeWrapper<OcsfEventParent>;
  OcsfLdapPerson: ResolverTypeWrapper<OcsfLdapPerson>;
  OcsfManagedEntity: ResolverTypeWrapper<OcsfManagedEntity>;
  OcsfMetadata: ResolverTypeWrapper<OcsfMetadata>;
  OcsfNetworkEndpoint: ResolverTypeWrapper<OcsfNetworkEndpoint>;
  OcsfObservable: ResolverTypeWrapper<OcsfObservable>;
  OcsfOs: ResolverTypeWrapper<OcsfOs>;
  OcsfPolicy: ResolverTypeWrapper<OcsfPolicy>;
  OcsfProduct: ResolverTypeWrapper<OcsfProduct>;
  OcsfRelatedEvent: ResolverTypeWrapper<OcsfRelatedEvent>;
  OcsfResourceDetails: ResolverTypeWrapper<OcsfResourceDetails>;
  OcsfService: ResolverTypeWrapper<OcsfService>;
  OcsfSoftwareInfo: ResolverTypeWrapper<OcsfEventParent>;
  OcsfUrl: ResolverTypeWrapper<OcsfUrl>;
  OcsfUser: ResolverTypeWrapper<OcsfUser>;
  OcsfUserInventory: ResolverTypeWrapper<OcsfEventParent>;
  OcsfUserManagement: ResolverTypeWrapper<OcsfUserManagement>;
  OcsfVersion: OcsfVersion;
  OcsfWebResource: ResolverTypeWrapper<OcsfWebResource>;
  OcsfWebResourcesActivity: ResolverTypeWrapper<OcsfEventParent>;
  OperatingSystem: OperatingSystem;
  OperatingSystemFilter: OperatingSystemFilter;
  OrderDirection: OrderDirection;
  OtherAccount: ResolverTypeWrapper<OtherAccountParent>;
  OtherAccountConnection: ResolverTypeWrapper<StoredConnectionParent>;
  OtherAccountDimension: OtherAccountDimension;
  OtherAccountEdge: ResolverTypeWrapper<Omit<OtherAccountEdge, 'node'> & { node: ResolversTypes['OtherAccount'] }>;
  OtherAccountFilter: OtherAccountFilter;
  OtherAccountGroupCount: ResolverTypeWrapper<GroupParent>;
  OtherAccountOrder: OtherAccountOrder;
  OtherAccountOrderField: OtherAccountOrderField;
  OtherApp: ResolverTypeWrapper<OtherAppParent>;
  OtherAppConnection: ResolverTypeWrapper<StoredConnectionParent>;
  OtherAppDimension: OtherAppDimension;
  OtherAppEdge: ResolverTypeWrapper<Omit<OtherAppEdge, 'node'> & { node: ResolversTypes['OtherApp'] }>;
  OtherAppFilter: OtherAppFilter;
  OtherAppGroupCount: ResolverTypeWrapper<GroupParent>;
  OtherAppOrder: OtherAppOrder;
  OtherAppOrderField: OtherAppOrderField;
  OtherEvent: ResolverTypeWrapper<EventParent>;
  OtherLoginMethods: ResolverTypeWrapper<OtherAccountParent>;
  OtherLoginMethodsFilter: OtherLoginMethodsFilter;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RateLimit: ResolverTypeWrapper<RateLimit>;
  RemoveAccountLoginMethodInput: RemoveAccountLoginMethodInput;
  RemoveAccountLoginMethodPayload: ResolverTypeWrapper<WritePayloadParent>;
  Replica: ResolverTypeWrapper<Replica>;
  SearchConnection: ResolverTypeWrapper<SearchConnectionParent>;
  SearchEdge: ResolverTypeWrapper<SearchEdgeParent>;
  SearchMatch: ResolverTypeWrapper<SearchMatch>;
  SharedDatabase: ResolverTypeWrapper<SharedDatabaseParent>;
  Sink: ResolverTypeWrapper<SinkParent>;
  SinkState: SinkState;
  StoredCollection: ResolverTypeWrapper<StoredCollectionParent>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  StringFilter: StringFilter;
  StringListFilter: StringListFilter;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  TimelineConnection: ResolverTypeWrapper<TimelineConnectionParent>;
  TimelineEdge: ResolverTypeWrapper<Omit<TimelineEdge, 'node'> & { node: ResolversTypes['TimelineItem'] }>;
  TimelineItem: ResolverTypeWrapper<TimelineItemParent>;
  TimelineKind: TimelineKind;
  UpdateAppInput: UpdateAppInput;
  UpdateAppPayload: ResolverTypeWrapper<WritePayloadParent>;
  UpdateDetectionInput: UpdateDetectionInput;
  UpdateDetectionPayload: ResolverTypeWrapper<WritePayloadParent>;
  UpdateEmployeeInput: UpdateEmployeeInput;
  UpdateEmployeePayload: ResolverTypeWrapper<WritePayloadParent>;
  VersionFilter: VersionFilter;
  WeakPasswordReason: WeakPasswordReason;
  WeakPasswordReasonFilter: WeakPasswordReasonFilter;
  WeakPasswordReasonListFilter: WeakPasswordReasonListFilter;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Account: ObjectParent<'accounts'>;
  AccountConnection: ListConnectionParent;
  AccountCountFilter: AccountCountFilter;
  AccountEdge: Omit<AccountEdge, 'node'> & { node: ResolversParentTypes['Account'] };
  AccountFilter: AccountFilter;
  AccountGroupCount: GroupParent;
  AccountListFilter: AccountListFilter;
  AccountOrder: AccountOrder;
  App: ObjectParent<'apps'>;
  AppApprovalStatusFilter: AppApprovalStatusFilter;
  AppConnection: ListConnectionParent;
  AppCountFilter: AppCountFilter;
  AppEdge: Omit<AppEdge, 'node'> & { node: ResolversParentTypes['App'] };
  AppFilter: AppFilter;
  AppGroupCount: GroupParent;
  AppListFilter: AppListFilter;
  AppOrder: AppOrder;
  AppSensitivityLevelFilter: AppSensitivityLevelFilter;
  AuditEvent: EventParent;
  Boolean: Scalars['Boolean']['output'];
  BooleanFilter: BooleanFilter;
  Browser: ObjectParent<'browsers'>;
  BrowserConnection: ListConnectionParent;
  BrowserCountFilter: BrowserCountFilter;
  BrowserEdge: Omit<BrowserEdge, 'node'> & { node: ResolversParentTypes['Browser'] };
  BrowserExtension: ObjectParent<'browserExtensions'>;
  BrowserExtensionConnection: ListConnectionParent;
  BrowserExtensionCountFilter: BrowserExtensionCountFilter;
  BrowserExtensionEdge: Omit<BrowserExtensionEdge, 'node'> & { node: ResolversParentTypes['BrowserExtension'] };
  BrowserExtensionFilter: BrowserExtensionFilter;
  BrowserExtensionGroupCount: GroupParent;
  BrowserExtensionListFilter: BrowserExtensionListFilter;
  BrowserExtensionOrder: BrowserExtensionOrder;
  BrowserFilter: BrowserFilter;
  BrowserGroupCount: GroupParent;
  BrowserListFilter: BrowserListFilter;
  BrowserNameFilter: BrowserNameFilter;
  BrowserOrder: BrowserOrder;
  BrowserTokenTypeFilter: BrowserTokenTypeFilter;
  Capability: Capability;
  Change: ChangeParent;
  ChangeConnection: StoredConnectionParent;
  ChangeEdge: Omit<ChangeEdge, 'node'> & { node: ResolversParentTypes['Change'] };
  ChangeFilter: ChangeFilter;
  ChangeGroupCount: GroupParent;
  ChangeKindFilter: ChangeKindFilter;
  ChangeOrder: ChangeOrder;
  ChangeSourceFilter: ChangeSourceFilter;
  ChangeTypeFilter: ChangeTypeFilter;
  CollectionFilter: CollectionFilter;
  Connector: ConnectorParent;
  ControlEvent: EventParent;
  ControlModeFilter: ControlModeFilter;
  ControlNotice: MembersParent;
  DateTime: Scalars['DateTime']['output'];
  DateTimeFilter: DateTimeFilter;
  DeleteAccountInput: DeleteAccountInput;
  DeleteAccountPayload: WritePayloadParent;
  Detection: ObjectParent<'detections'>;
  DetectionChangeEvent: EventParent;
  DetectionConnection: ListConnectionParent;
  DetectionCountFilter: DetectionCountFilter;
  DetectionEdge: Omit<DetectionEdge, 'node'> & { node: ResolversParentTypes['Detection'] };
  DetectionEvent: DetectionEventParent;
  DetectionEventCountFilter: DetectionEventCountFilter;
  DetectionEventFilter: DetectionEventFilter;
  DetectionEventListFilter: DetectionEventListFilter;
  DetectionFilter: DetectionFilter;
  DetectionGroupCount: GroupParent;
  DetectionListFilter: DetectionListFilter;
  DetectionOrder: DetectionOrder;
  DetectionSeverityFilter: DetectionSeverityFilter;
  DetectionTypeFilter: DetectionTypeFilter;
  Duration: Scalars['Duration']['output'];
  Employee: ObjectParent<'employees'>;
  EmployeeConnection: ListConnectionParent;
  EmployeeEdge: Omit<EmployeeEdge, 'node'> & { node: ResolversParentTypes['Employee'] };
  EmployeeFilter: EmployeeFilter;
  EmployeeGroupCount: GroupParent;
  EmployeeOrder: EmployeeOrder;
  Entity: ResolversInterfaceTypes<ResolversParentTypes>['Entity'];
  EntityEvent: EventParent;
  Event: EventParent;
  EventActor: MembersParent;
  EventCategoryFilter: EventCategoryFilter;
  EventChange: EventChange;
  EventConnection: StoredConnectionParent;
  EventEdge: Omit<EventEdge, 'node'> & { node: ResolversParentTypes['Event'] };
  EventFilter: EventFilter;
  EventGroupCount: GroupParent;
  EventOrder: EventOrder;
  EventStore: EventStore;
  ExtensionDeploymentModeFilter: ExtensionDeploymentModeFilter;
  Finding: ObjectParent<'findings'>;
  FindingConnection: ListConnectionParent;
  FindingCountFilter: FindingCountFilter;
  FindingEdge: Omit<FindingEdge, 'node'> & { node: ResolversParentTypes['Finding'] };
  FindingFilter: FindingFilter;
  FindingGroupCount: GroupParent;
  FindingListFilter: FindingListFilter;
  FindingOrder: FindingOrder;
  FindingStateFilter: FindingStateFilter;
  FindingTypeFilter: FindingTypeFilter;
  Float: Scalars['Float']['output'];
  GroupCount: ResolversInterfaceTypes<ResolversParentTypes>['GroupCount'];
  GroupOrder: GroupOrder;
  ID: Scalars['ID']['output'];
  IDFilter: IdFilter;
  Int: Scalars['Int']['output'];
  IntFilter: IntFilter;
  JSON: Scalars['JSON']['output'];
  LoginEvent: EventParent;
  LoginMethods: ObjectParent<'accounts'>;
  LoginMethodsFilter: LoginMethodsFilter;
  Long: Scalars['Long']['output'];
  MfaMethodFilter: MfaMethodFilter;
  MfaMethodListFilter: MfaMethodListFilter;
  Mutation: Record<PropertyKey, never>;
  OcsfAccount: OcsfAccount;
  OcsfAccountChange: OcsfEventParent;
  OcsfActor: OcsfActor;
  OcsfAgent: OcsfAgent;
  OcsfAnalytic: OcsfAnalytic;
  OcsfAuthFactor: OcsfAuthFactor;
  OcsfAuthentication: OcsfEventParent;
  OcsfBaseEvent: OcsfEventParent;
  OcsfCheck: OcsfCheck;
  OcsfCloudResourcesInventoryInfo: OcsfEventParent;
  OcsfCompliance: OcsfCompliance;
  OcsfComplianceFinding: OcsfEventParent;
  OcsfDetectionFinding: OcsfEventParent;
  OcsfDevice: OcsfDevice;
  OcsfEntityManagement: OcsfEventParent;
  OcsfEvent: ResolversInterfaceTypes<ResolversParentTypes>['OcsfEvent'];
  OcsfEventConnection: OcsfEventConnectionParent;
  OcsfEventEdge: Omit<OcsfEventEdge, 'node'> & { node: ResolversParentTypes['OcsfEvent'] };
  OcsfEventFilter: OcsfEventFilter;
  OcsfEvidences: OcsfEvidences;
  OcsfFeature: OcsfFeature;
  OcsfFindingInfo: OcsfFindingInfo;
  OcsfFingerprint: OcsfFingerprint;
  OcsfGroup: OcsfGroup;
  OcsfGroupManagement: OcsfGroupManagement;
  OcsfHttpRequest: OcsfHttpRequest;
  OcsfIdp: OcsfIdp;
  OcsfInventoryInfo: OcsfEventParent;
  OcsfLdapPerson: OcsfLdapPerson;
  OcsfManagedEntity: OcsfManagedEntity;
  OcsfMetadata: OcsfMetadata;
  OcsfNetworkEndpoint: OcsfNetworkEndpoint;
  OcsfObservable: OcsfObservable;
  OcsfOs: OcsfOs;
  OcsfPolicy: OcsfPolicy;
  OcsfProduct: OcsfProduct;
  OcsfRelatedEvent: OcsfRelatedEvent;
  OcsfResourceDetails: OcsfResourceDetails;
  OcsfService: OcsfService;
  OcsfSoftwareInfo: OcsfEventParent;
  OcsfUrl: OcsfUrl;
  OcsfUser: OcsfUser;
  OcsfUserInventory: OcsfEventParent;
  OcsfUserManagement: OcsfUserManagement;
  OcsfWebResource: OcsfWebResource;
  OcsfWebResourcesActivity: OcsfEventParent;
  OperatingSystemFilter: OperatingSystemFilter;
  OtherAccount: OtherAccountParent;
  OtherAccountConnection: StoredConnectionParent;
  OtherAccountEdge: Omit<OtherAccountEdge, 'node'> & { node: ResolversParentTypes['OtherAccount'] };
  OtherAccountFilter: OtherAccountFilter;
  OtherAccountGroupCount: GroupParent;
  OtherAccountOrder: OtherAccountOrder;
  OtherApp: OtherAppParent;
  OtherAppConnection: StoredConnectionParent;
  OtherAppEdge: Omit<OtherAppEdge, 'node'> & { node: ResolversParentTypes['OtherApp'] };
  OtherAppFilter: OtherAppFilter;
  OtherAppGroupCount: GroupParent;
  OtherAppOrder: OtherAppOrder;
  OtherEvent: EventParent;
  OtherLoginMethods: OtherAccountParent;
  OtherLoginMethodsFilter: OtherLoginMethodsFilter;
  PageInfo: PageInfo;
  Query: Record<PropertyKey, never>;
  RateLimit: RateLimit;
  RemoveAccountLoginMethodInput: RemoveAccountLoginMethodInput;
  RemoveAccountLoginMethodPayload: WritePayloadParent;
  Replica: Replica;
  SearchConnection: SearchConnectionParent;
  SearchEdge: SearchEdgeParent;
  SearchMatch: SearchMatch;
  SharedDatabase: SharedDatabaseParent;
  Sink: SinkParent;
  StoredCollection: StoredCollectionParent;
  String: Scalars['String']['output'];
  StringFilter: StringFilter;
  StringListFilter: StringListFilter;
  Subscription: Record<PropertyKey, never>;
  TimelineConnection: TimelineConnectionParent;
  TimelineEdge: Omit<TimelineEdge, 'node'> & { node: ResolversParentTypes['TimelineItem'] };
  TimelineItem: TimelineItemParent;
  UpdateAppInput: UpdateAppInput;
  UpdateAppPayload: WritePayloadParent;
  UpdateDetectionInput: UpdateDetectionInput;
  UpdateDetectionPayload: WritePayloadParent;
  UpdateEmployeeInput: UpdateEmployeeInput;
  UpdateEmployeePayload: WritePayloadParent;
  VersionFilter: VersionFilter;
  WeakPasswordReasonFilter: WeakPasswordReasonFilter;
  WeakPasswordReasonListFilter: WeakPasswordReasonListFilter;
};

export type AccountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Account'] = ResolversParentTypes['Account']> = {
  app?: Resolver<Maybe<ResolversTypes['App']>, ParentType, ContextType>;
  appId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  appType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  changes?: Resolver<Maybe<ResolversTypes['ChangeConnection']>, ParentType, ContextType, Partial<AccountChangesArgs>>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  employeeId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  findings?: Resolver<Maybe<ResolversTypes['FindingConnection']>, ParentType, ContextType, Partial<AccountFindingsArgs>>;
  history?: Resolver<Maybe<ResolversTypes['EventConnection']>, ParentType, ContextType, Partial<AccountHistoryArgs>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastUsedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  loginMethods?: Resolver<ResolversTypes['LoginMethods'], ParentType, ContextType>;
  mfaMethods?: Resolver<Maybe<Array<ResolversTypes['MfaMethod']>>, ParentType, ContextType>;
  mfaMethodsRaw?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  mfaRegistered?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfUserInventory']>, ParentType, ContextType, RequireFields<AccountOcsfArgs, 'version'>>;
  passwordId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  passwordPeers?: Resolver<Maybe<ResolversTypes['AccountConnection']>, ParentType, ContextType, Partial<AccountPasswordPeersArgs>>;
  revision?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  timeline?: Resolver<Maybe<ResolversTypes['TimelineConnection']>, ParentType, ContextType, Partial<AccountTimelineArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AccountConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccountConnection'] = ResolversParentTypes['AccountConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['AccountEdge']>, ParentType, ContextType>;
  groupCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, RequireFields<AccountConnectionGroupCountArgs, 'by'>>;
  groups?: Resolver<Maybe<Array<ResolversTypes['AccountGroupCount']>>, ParentType, ContextType, RequireFields<AccountConnectionGroupsArgs, 'by'>>;
  nodes?: Resolver<Array<ResolversTypes['Account']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type AccountEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccountEdge'] = ResolversParentTypes['AccountEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
};

export type AccountGroupCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccountGroupCount'] = ResolversParentTypes['AccountGroupCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  distinct?: Resolver<ResolversTypes['Int'], ParentType, ContextType, RequireFields<AccountGroupCountDistinctArgs, 'of'>>;
  keys?: Resolver<Array<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType, RequireFields<AccountGroupCountShareArgs, 'where'>>;
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AppResolvers<ContextType = Context, ParentType extends ResolversParentTypes['App'] = ResolversParentTypes['App']> = {
  accounts?: Resolver<Maybe<ResolversTypes['AccountConnection']>, ParentType, ContextType, Partial<AppAccountsArgs>>;
  approvalStatus?: Resolver<Maybe<ResolversTypes['AppApprovalStatus']>, ParentType, ContextType>;
  approvalStatusRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  changes?: Resolver<Maybe<ResolversTypes['ChangeConnection']>, ParentType, ContextType, Partial<AppChangesArgs>>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  findings?: Resolver<Maybe<ResolversTypes['FindingConnection']>, ParentType, ContextType, Partial<AppFindingsArgs>>;
  friendlyName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  history?: Resolver<Maybe<ResolversTypes['EventConnection']>, ParentType, ContextType, Partial<AppHistoryArgs>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  labels?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  notes?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfEvent']>, ParentType, ContextType, RequireFields<AppOcsfArgs, 'version'>>;
  owner?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  ownerId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sensitivityLevel?: Resolver<Maybe<ResolversTypes['AppSensitivityLevel']>, ParentType, ContextType>;
  sensitivityLevelRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  timeline?: Resolver<Maybe<ResolversTypes['TimelineConnection']>, ParentType, ContextType, Partial<AppTimelineArgs>>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  website?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AppConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AppConnection'] = ResolversParentTypes['AppConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['AppEdge']>, ParentType, ContextType>;
  groupCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, RequireFields<AppConnectionGroupCountArgs, 'by'>>;
  groups?: Resolver<Maybe<Array<ResolversTypes['AppGroupCount']>>, ParentType, ContextType, RequireFields<AppConnectionGroupsArgs, 'by'>>;
  nodes?: Resolver<Array<ResolversTypes['App']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type AppEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AppEdge'] = ResolversParentTypes['AppEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['App'], ParentType, ContextType>;
};

export type AppGroupCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AppGroupCount'] = ResolversParentTypes['AppGroupCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  distinct?: Resolver<ResolversTypes['Int'], ParentType, ContextType, RequireFields<AppGroupCountDistinctArgs, 'of'>>;
  keys?: Resolver<Array<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType, RequireFields<AppGroupCountShareArgs, 'where'>>;
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AuditEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEvent'] = ResolversParentTypes['AuditEvent']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  accountId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['EventActor']>, ParentType, ContextType>;
  app?: Resolver<Maybe<ResolversTypes['App']>, ParentType, ContextType>;
  appId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  category?: Resolver<ResolversTypes['EventCategory'], ParentType, ContextType>;
  categoryRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  employeeId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  entityId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  inferred?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  new?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  object?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  objectName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfEvent']>, ParentType, ContextType, RequireFields<AuditEventOcsfArgs, 'rawData' | 'version'>>;
  payload?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sourceIpAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['ChangeType']>, ParentType, ContextType>;
  typeRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type BrowserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Browser'] = ResolversParentTypes['Browser']> = {
  browser?: Resolver<ResolversTypes['BrowserName'], ParentType, ContextType>;
  browserExtensions?: Resolver<Maybe<ResolversTypes['BrowserExtensionConnection']>, ParentType, ContextType, Partial<BrowserBrowserExtensionsArgs>>;
  browserRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  changes?: Resolver<Maybe<ResolversTypes['ChangeConnection']>, ParentType, ContextType, Partial<BrowserChangesArgs>>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  detections?: Resolver<Maybe<ResolversTypes['DetectionConnection']>, ParentType, ContextType, Partial<BrowserDetectionsArgs>>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  employeeId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  extensionVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  history?: Resolver<Maybe<ResolversTypes['EventConnection']>, ParentType, ContextType, Partial<BrowserHistoryArgs>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isActive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  language?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lastOnlineAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfInventoryInfo']>, ParentType, ContextType, RequireFields<BrowserOcsfArgs, 'version'>>;
  os?: Resolver<ResolversTypes['OperatingSystem'], ParentType, ContextType>;
  osRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  profileEmail?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  profileSyncEnabled?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  timeline?: Resolver<Maybe<ResolversTypes['TimelineConnection']>, ParentType, ContextType, Partial<BrowserTimelineArgs>>;
  tokenType?: Resolver<ResolversTypes['BrowserTokenType'], ParentType, ContextType>;
  tokenTypeRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  version?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type BrowserConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BrowserConnection'] = ResolversParentTypes['BrowserConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['BrowserEdge']>, ParentType, ContextType>;
  groupCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, RequireFields<BrowserConnectionGroupCountArgs, 'by'>>;
  groups?: Resolver<Maybe<Array<ResolversTypes['BrowserGroupCount']>>, ParentType, ContextType, RequireFields<BrowserConnectionGroupsArgs, 'by'>>;
  nodes?: Resolver<Array<ResolversTypes['Browser']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type BrowserEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BrowserEdge'] = ResolversParentTypes['BrowserEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Browser'], ParentType, ContextType>;
};

export type BrowserExtensionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BrowserExtension'] = ResolversParentTypes['BrowserExtension']> = {
  browser?: Resolver<Maybe<ResolversTypes['Browser']>, ParentType, ContextType>;
  browserId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  changes?: Resolver<Maybe<ResolversTypes['ChangeConnection']>, ParentType, ContextType, Partial<BrowserExtensionChangesArgs>>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  deploymentMode?: Resolver<Maybe<ResolversTypes['ExtensionDeploymentMode']>, ParentType, ContextType>;
  deploymentModeRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  employeeId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  enabled?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  extensionId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  history?: Resolver<Maybe<ResolversTypes['EventConnection']>, ParentType, ContextType, Partial<BrowserExtensionHistoryArgs>>;
  hostPermissions?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfEvent']>, ParentType, ContextType, RequireFields<BrowserExtensionOcsfArgs, 'version'>>;
  permissions?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  timeline?: Resolver<Maybe<ResolversTypes['TimelineConnection']>, ParentType, ContextType, Partial<BrowserExtensionTimelineArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type BrowserExtensionConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BrowserExtensionConnection'] = ResolversParentTypes['BrowserExtensionConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['BrowserExtensionEdge']>, ParentType, ContextType>;
  groupCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, RequireFields<BrowserExtensionConnectionGroupCountArgs, 'by'>>;
  groups?: Resolver<Maybe<Array<ResolversTypes['BrowserExtensionGroupCount']>>, ParentType, ContextType, RequireFields<BrowserExtensionConnectionGroupsArgs, 'by'>>;
  nodes?: Resolver<Array<ResolversTypes['BrowserExtension']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type BrowserExtensionEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BrowserExtensionEdge'] = ResolversParentTypes['BrowserExtensionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['BrowserExtension'], ParentType, ContextType>;
};

export type BrowserExtensionGroupCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BrowserExtensionGroupCount'] = ResolversParentTypes['BrowserExtensionGroupCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  distinct?: Resolver<ResolversTypes['Int'], ParentType, ContextType, RequireFields<BrowserExtensionGroupCountDistinctArgs, 'of'>>;
  keys?: Resolver<Array<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType, RequireFields<BrowserExtensionGroupCountShareArgs, 'where'>>;
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type BrowserGroupCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BrowserGroupCount'] = ResolversParentTypes['BrowserGroupCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  distinct?: Resolver<ResolversTypes['Int'], ParentType, ContextType, RequireFields<BrowserGroupCountDistinctArgs, 'of'>>;
  keys?: Resolver<Array<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType, RequireFields<BrowserGroupCountShareArgs, 'where'>>;
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CapabilityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Capability'] = ResolversParentTypes['Capability']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  verdict?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Change'] = ResolversParentTypes['Change']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  collection?: Resolver<ResolversTypes['Collection'], ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['ChangeKind'], ParentType, ContextType>;
  learntFrom?: Resolver<ResolversTypes['ChangeSource'], ParentType, ContextType>;
  new?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  object?: Resolver<Maybe<ResolversTypes['Entity']>, ParentType, ContextType>;
  objectId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  old?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
};

export type ChangeConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangeConnection'] = ResolversParentTypes['ChangeConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['ChangeEdge']>, ParentType, ContextType>;
  groupCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, RequireFields<ChangeConnectionGroupCountArgs, 'by'>>;
  groups?: Resolver<Maybe<Array<ResolversTypes['ChangeGroupCount']>>, ParentType, ContextType, RequireFields<ChangeConnectionGroupsArgs, 'by'>>;
  nodes?: Resolver<Array<ResolversTypes['Change']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type ChangeEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangeEdge'] = ResolversParentTypes['ChangeEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Change'], ParentType, ContextType>;
};

export type ChangeGroupCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangeGroupCount'] = ResolversParentTypes['ChangeGroupCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  distinct?: Resolver<ResolversTypes['Int'], ParentType, ContextType, RequireFields<ChangeGroupCountDistinctArgs, 'of'>>;
  keys?: Resolver<Array<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType, RequireFields<ChangeGroupCountShareArgs, 'where'>>;
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CollectionResolvers = EnumResolverSignature<{ ACCOUNTS?: any, APPS?: any, BROWSERS?: any, BROWSER_EXTENSIONS?: any, DETECTIONS?: any, EMPLOYEES?: any, FINDINGS?: any }, ResolversTypes['Collection']>;

export type ConnectorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Connector'] = ResolversParentTypes['Connector']> = {
  alias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  capabilities?: Resolver<Array<ResolversTypes['Capability']>, ParentType, ContextType>;
  database?: Resolver<Maybe<ResolversTypes['SharedDatabase']>, ParentType, ContextType>;
  eventStore?: Resolver<ResolversTypes['EventStore'], ParentType, ContextType>;
  rateLimit?: Resolver<ResolversTypes['RateLimit'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sinks?: Resolver<Array<ResolversTypes['Sink']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ConnectorStatus'], ParentType, ContextType>;
  store?: Resolver<Array<ResolversTypes['StoredCollection']>, ParentType, ContextType>;
};

export type ControlEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ControlEvent'] = ResolversParentTypes['ControlEvent']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  accountId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  action?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  app?: Resolver<Maybe<ResolversTypes['App']>, ParentType, ContextType>;
  appId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  appType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  browser?: Resolver<Maybe<ResolversTypes['BrowserName']>, ParentType, ContextType>;
  browserRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  category?: Resolver<ResolversTypes['EventCategory'], ParentType, ContextType>;
  categoryRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  clonedLoginPageType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  clonedLoginPageUrls?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  employeeId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  entityId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  indicator?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  inferred?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  mode?: Resolver<Maybe<ResolversTypes['ControlMode']>, ParentType, ContextType>;
  modeRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  new?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  notice?: Resolver<Maybe<ResolversTypes['ControlNotice']>, ParentType, ContextType>;
  object?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  objectName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfEvent']>, ParentType, ContextType, RequireFields<ControlEventOcsfArgs, 'rawData' | 'version'>>;
  os?: Resolver<Maybe<ResolversTypes['OperatingSystem']>, ParentType, ContextType>;
  osRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  payload?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  referrerUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sourceIpAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['ChangeType']>, ParentType, ContextType>;
  typeRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ControlNoticeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ControlNotice'] = ResolversParentTypes['ControlNotice']> = {
  allowReasonSubmission?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  buttonText?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  mode?: Resolver<Maybe<ResolversTypes['ControlMode']>, ParentType, ContextType>;
  modeRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  subtext?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeleteAccountPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteAccountPayload'] = ResolversParentTypes['DeleteAccountPayload']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  deletedAccountId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type DetectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Detection'] = ResolversParentTypes['Detection']> = {
  archived?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  browser?: Resolver<Maybe<ResolversTypes['Browser']>, ParentType, ContextType>;
  browserId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  changes?: Resolver<Maybe<ResolversTypes['ChangeConnection']>, ParentType, ContextType, Partial<DetectionChangesArgs>>;
  classification?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  detectionLink?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  detectionType?: Resolver<ResolversTypes['DetectionType'], ParentType, ContextType>;
  detectionTypeRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  employeeId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  events?: Resolver<Maybe<Array<ResolversTypes['DetectionEvent']>>, ParentType, ContextType>;
  history?: Resolver<Maybe<ResolversTypes['EventConnection']>, ParentType, ContextType, Partial<DetectionHistoryArgs>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastActivityAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfDetectionFinding']>, ParentType, ContextType, RequireFields<DetectionOcsfArgs, 'version'>>;
  response?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['DetectionSeverity'], ParentType, ContextType>;
  severityRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  timeline?: Resolver<Maybe<ResolversTypes['TimelineConnection']>, ParentType, ContextType, Partial<DetectionTimelineArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DetectionChangeEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DetectionChangeEvent'] = ResolversParentTypes['DetectionChangeEvent']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  accountId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  app?: Resolver<Maybe<ResolversTypes['App']>, ParentType, ContextType>;
  appId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  category?: Resolver<ResolversTypes['EventCategory'], ParentType, ContextType>;
  categoryRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  changes?: Resolver<Array<ResolversTypes['EventChange']>, ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  detection?: Resolver<Maybe<ResolversTypes['Detection']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  employeeId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  entityId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  inferred?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  new?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  object?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  objectName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfEvent']>, ParentType, ContextType, RequireFields<DetectionChangeEventOcsfArgs, 'rawData' | 'version'>>;
  old?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  payload?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sourceIpAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['ChangeType']>, ParentType, ContextType>;
  typeRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DetectionConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DetectionConnection'] = ResolversParentTypes['DetectionConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['DetectionEdge']>, ParentType, ContextType>;
  groupCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, RequireFields<DetectionConnectionGroupCountArgs, 'by'>>;
  groups?: Resolver<Maybe<Array<ResolversTypes['DetectionGroupCount']>>, ParentType, ContextType, RequireFields<DetectionConnectionGroupsArgs, 'by'>>;
  nodes?: Resolver<Array<ResolversTypes['Detection']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type DetectionEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DetectionEdge'] = ResolversParentTypes['DetectionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Detection'], ParentType, ContextType>;
};

export type DetectionEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DetectionEvent'] = ResolversParentTypes['DetectionEvent']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  accountId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  appType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  clonedLoginPageIndicator?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  clonedLoginPageUrls?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  controlMode?: Resolver<Maybe<ResolversTypes['ControlMode']>, ParentType, ContextType>;
  controlModeRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  detectionEventType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  experimental?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  metadata?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  metadataRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phishingToolIndicator?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  referrerUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  response?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sourceIpAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DetectionGroupCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DetectionGroupCount'] = ResolversParentTypes['DetectionGroupCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  distinct?: Resolver<ResolversTypes['Int'], ParentType, ContextType, RequireFields<DetectionGroupCountDistinctArgs, 'of'>>;
  keys?: Resolver<Array<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType, RequireFields<DetectionGroupCountShareArgs, 'where'>>;
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export interface DurationScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Duration'], any> {
  name: 'Duration';
}

export type EmployeeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Employee'] = ResolversParentTypes['Employee']> = {
  accounts?: Resolver<Maybe<ResolversTypes['AccountConnection']>, ParentType, ContextType, Partial<EmployeeAccountsArgs>>;
  browserExtensions?: Resolver<Maybe<ResolversTypes['BrowserExtensionConnection']>, ParentType, ContextType, Partial<EmployeeBrowserExtensionsArgs>>;
  browsers?: Resolver<Maybe<ResolversTypes['BrowserConnection']>, ParentType, ContextType, Partial<EmployeeBrowsersArgs>>;
  changes?: Resolver<Maybe<ResolversTypes['ChangeConnection']>, ParentType, ContextType, Partial<EmployeeChangesArgs>>;
  chatopsEnabled?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  department?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  detections?: Resolver<Maybe<ResolversTypes['DetectionConnection']>, ParentType, ContextType, Partial<EmployeeDetectionsArgs>>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  findings?: Resolver<Maybe<ResolversTypes['FindingConnection']>, ParentType, ContextType, Partial<EmployeeFindingsArgs>>;
  firstName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  groups?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  history?: Resolver<Maybe<ResolversTypes['EventConnection']>, ParentType, ContextType, Partial<EmployeeHistoryArgs>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  licensed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  location?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfUserInventory']>, ParentType, ContextType, RequireFields<EmployeeOcsfArgs, 'version'>>;
  ownedApps?: Resolver<Maybe<ResolversTypes['AppConnection']>, ParentType, ContextType, Partial<EmployeeOwnedAppsArgs>>;
  revision?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  timeline?: Resolver<Maybe<ResolversTypes['TimelineConnection']>, ParentType, ContextType, Partial<EmployeeTimelineArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EmployeeConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EmployeeConnection'] = ResolversParentTypes['EmployeeConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['EmployeeEdge']>, ParentType, ContextType>;
  groupCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, RequireFields<EmployeeConnectionGroupCountArgs, 'by'>>;
  groups?: Resolver<Maybe<Array<ResolversTypes['EmployeeGroupCount']>>, ParentType, ContextType, RequireFields<EmployeeConnectionGroupsArgs, 'by'>>;
  nodes?: Resolver<Array<ResolversTypes['Employee']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type EmployeeEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EmployeeEdge'] = ResolversParentTypes['EmployeeEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Employee'], ParentType, ContextType>;
};

export type EmployeeGroupCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EmployeeGroupCount'] = ResolversParentTypes['EmployeeGroupCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  distinct?: Resolver<ResolversTypes['Int'], ParentType, ContextType, RequireFields<EmployeeGroupCountDistinctArgs, 'of'>>;
  keys?: Resolver<Array<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType, RequireFields<EmployeeGroupCountShareArgs, 'where'>>;
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EntityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Entity'] = ResolversParentTypes['Entity']> = {
  __resolveType?: TypeResolveFn<'Account' | 'App' | 'AuditEvent' | 'Browser' | 'BrowserExtension' | 'ControlEvent' | 'Detection' | 'DetectionChangeEvent' | 'Employee' | 'EntityEvent' | 'Finding' | 'LoginEvent' | 'OtherAccount' | 'OtherApp' | 'OtherEvent', ParentType, ContextType>;
};

export type EntityEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EntityEvent'] = ResolversParentTypes['EntityEvent']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  accountId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  app?: Resolver<Maybe<ResolversTypes['App']>, ParentType, ContextType>;
  appId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  category?: Resolver<ResolversTypes['EventCategory'], ParentType, ContextType>;
  categoryRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  changes?: Resolver<Array<ResolversTypes['EventChange']>, ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  employeeId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  entity?: Resolver<Maybe<ResolversTypes['Entity']>, ParentType, ContextType>;
  entityId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  inferred?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  new?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  object?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  objectName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfEvent']>, ParentType, ContextType, RequireFields<EntityEventOcsfArgs, 'rawData' | 'version'>>;
  old?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  payload?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sourceIpAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['ChangeType']>, ParentType, ContextType>;
  typeRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Event'] = ResolversParentTypes['Event']> = {
  __resolveType?: TypeResolveFn<'AuditEvent' | 'ControlEvent' | 'DetectionChangeEvent' | 'EntityEvent' | 'LoginEvent' | 'OtherEvent', ParentType, ContextType>;
};

export type EventActorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EventActor'] = ResolversParentTypes['EventActor']> = {
  apiKeyCreatedBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  apiKeyName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  role?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sourceIpAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type EventChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EventChange'] = ResolversParentTypes['EventChange']> = {
  new?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  old?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  path?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type EventConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EventConnection'] = ResolversParentTypes['EventConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['EventEdge']>, ParentType, ContextType>;
  groupCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, RequireFields<EventConnectionGroupCountArgs, 'by'>>;
  groups?: Resolver<Maybe<Array<ResolversTypes['EventGroupCount']>>, ParentType, ContextType, RequireFields<EventConnectionGroupsArgs, 'by'>>;
  nodes?: Resolver<Array<ResolversTypes['Event']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type EventEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EventEdge'] = ResolversParentTypes['EventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Event'], ParentType, ContextType>;
};

export type EventGroupCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EventGroupCount'] = ResolversParentTypes['EventGroupCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  distinct?: Resolver<ResolversTypes['Int'], ParentType, ContextType, RequireFields<EventGroupCountDistinctArgs, 'of'>>;
  keys?: Resolver<Array<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType, RequireFields<EventGroupCountShareArgs, 'where'>>;
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EventStoreResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EventStore'] = ResolversParentTypes['EventStore']> = {
  bytes?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  events?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  oldestAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  retentionDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type FindingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Finding'] = ResolversParentTypes['Finding']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  accountId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  app?: Resolver<Maybe<ResolversTypes['App']>, ParentType, ContextType>;
  appId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  appType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  changes?: Resolver<Maybe<ResolversTypes['ChangeConnection']>, ParentType, ContextType, Partial<FindingChangesArgs>>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  employeeId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  history?: Resolver<Maybe<ResolversTypes['EventConnection']>, ParentType, ContextType, Partial<FindingHistoryArgs>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfComplianceFinding']>, ParentType, ContextType, RequireFields<FindingOcsfArgs, 'version'>>;
  passwordId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  passwordPeers?: Resolver<Maybe<ResolversTypes['AccountConnection']>, ParentType, ContextType, Partial<FindingPasswordPeersArgs>>;
  state?: Resolver<ResolversTypes['FindingState'], ParentType, ContextType>;
  stateRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  timeline?: Resolver<Maybe<ResolversTypes['TimelineConnection']>, ParentType, ContextType, Partial<FindingTimelineArgs>>;
  type?: Resolver<ResolversTypes['FindingType'], ParentType, ContextType>;
  typeRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  weakPasswordReasons?: Resolver<Maybe<Array<ResolversTypes['WeakPasswordReason']>>, ParentType, ContextType>;
  weakPasswordReasonsRaw?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type FindingConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FindingConnection'] = ResolversParentTypes['FindingConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['FindingEdge']>, ParentType, ContextType>;
  groupCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, RequireFields<FindingConnectionGroupCountArgs, 'by'>>;
  groups?: Resolver<Maybe<Array<ResolversTypes['FindingGroupCount']>>, ParentType, ContextType, RequireFields<FindingConnectionGroupsArgs, 'by'>>;
  nodes?: Resolver<Array<ResolversTypes['Finding']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type FindingEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FindingEdge'] = ResolversParentTypes['FindingEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Finding'], ParentType, ContextType>;
};

export type FindingGroupCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FindingGroupCount'] = ResolversParentTypes['FindingGroupCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  distinct?: Resolver<ResolversTypes['Int'], ParentType, ContextType, RequireFields<FindingGroupCountDistinctArgs, 'of'>>;
  keys?: Resolver<Array<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType, RequireFields<FindingGroupCountShareArgs, 'where'>>;
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type GroupCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GroupCount'] = ResolversParentTypes['GroupCount']> = {
  __resolveType?: TypeResolveFn<'AccountGroupCount' | 'AppGroupCount' | 'BrowserExtensionGroupCount' | 'BrowserGroupCount' | 'ChangeGroupCount' | 'DetectionGroupCount' | 'EmployeeGroupCount' | 'EventGroupCount' | 'FindingGroupCount' | 'OtherAccountGroupCount' | 'OtherAppGroupCount', ParentType, ContextType>;
};

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type LoginEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LoginEvent'] = ResolversParentTypes['LoginEvent']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  accountId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  app?: Resolver<Maybe<ResolversTypes['App']>, ParentType, ContextType>;
  appId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  appType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  browser?: Resolver<Maybe<ResolversTypes['BrowserName']>, ParentType, ContextType>;
  browserRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  category?: Resolver<ResolversTypes['EventCategory'], ParentType, ContextType>;
  categoryRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  employeeId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  entityId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  identityProvider?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  inferred?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  leakedPassword?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  loginAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  loginType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  object?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  objectName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfEvent']>, ParentType, ContextType, RequireFields<LoginEventOcsfArgs, 'rawData' | 'version'>>;
  os?: Resolver<Maybe<ResolversTypes['OperatingSystem']>, ParentType, ContextType>;
  osRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  passwordId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  passwordManager?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  passwordManuallyTyped?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  payload?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sourceIpAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['ChangeType']>, ParentType, ContextType>;
  typeRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  weakPassword?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  weakPasswordReasons?: Resolver<Maybe<Array<ResolversTypes['WeakPasswordReason']>>, ParentType, ContextType>;
  weakPasswordReasonsRaw?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  workApp?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LoginMethodsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LoginMethods'] = ResolversParentTypes['LoginMethods']> = {
  fedCmLogin?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lastPasswordLoginAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  oidcLogin?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  oktaSwaLogin?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  passwordLogin?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  samlLogin?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  vendorSsoLogin?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export interface LongScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Long'], any> {
  name: 'Long';
}

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  deleteAccount?: Resolver<Maybe<ResolversTypes['DeleteAccountPayload']>, ParentType, ContextType, RequireFields<MutationDeleteAccountArgs, 'input'>>;
  removeAccountLoginMethod?: Resolver<Maybe<ResolversTypes['RemoveAccountLoginMethodPayload']>, ParentType, ContextType, RequireFields<MutationRemoveAccountLoginMethodArgs, 'input'>>;
  updateApp?: Resolver<Maybe<ResolversTypes['UpdateAppPayload']>, ParentType, ContextType, RequireFields<MutationUpdateAppArgs, 'input'>>;
  updateDetection?: Resolver<Maybe<ResolversTypes['UpdateDetectionPayload']>, ParentType, ContextType, RequireFields<MutationUpdateDetectionArgs, 'input'>>;
  updateEmployee?: Resolver<Maybe<ResolversTypes['UpdateEmployeePayload']>, ParentType, ContextType, RequireFields<MutationUpdateEmployeeArgs, 'input'>>;
};

export type OcsfAccountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfAccount'] = ResolversParentTypes['OcsfAccount']> = {
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfAccountChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfAccountChange'] = ResolversParentTypes['OcsfAccountChange']> = {
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['OcsfActor']>, ParentType, ContextType>;
  auth_factors?: Resolver<Maybe<Array<ResolversTypes['OcsfAuthFactor']>>, ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  http_request?: Resolver<Maybe<ResolversTypes['OcsfHttpRequest']>, ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  src_endpoint?: Resolver<Maybe<ResolversTypes['OcsfNetworkEndpoint']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  user?: Resolver<ResolversTypes['OcsfUser'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OcsfActorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfActor'] = ResolversParentTypes['OcsfActor']> = {
  app_name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  idp?: Resolver<Maybe<ResolversTypes['OcsfIdp']>, ParentType, ContextType>;
  invoked_by?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['OcsfUser']>, ParentType, ContextType>;
};

export type OcsfAgentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfAgent'] = ResolversParentTypes['OcsfAgent']> = {
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  vendor_name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  version?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfAnalyticResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfAnalytic'] = ResolversParentTypes['OcsfAnalytic']> = {
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfAuthFactorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfAuthFactor'] = ResolversParentTypes['OcsfAuthFactor']> = {
  factor_type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  factor_type_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  is_totp?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
};

export type OcsfAuthenticationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfAuthentication'] = ResolversParentTypes['OcsfAuthentication']> = {
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['OcsfActor']>, ParentType, ContextType>;
  auth_factors?: Resolver<Maybe<Array<ResolversTypes['OcsfAuthFactor']>>, ParentType, ContextType>;
  auth_protocol?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  auth_protocol_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  dst_endpoint?: Resolver<Maybe<ResolversTypes['OcsfNetworkEndpoint']>, ParentType, ContextType>;
  http_request?: Resolver<Maybe<ResolversTypes['OcsfHttpRequest']>, ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  service?: Resolver<Maybe<ResolversTypes['OcsfService']>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  src_endpoint?: Resolver<Maybe<ResolversTypes['OcsfNetworkEndpoint']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  user?: Resolver<ResolversTypes['OcsfUser'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OcsfBaseEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfBaseEvent'] = ResolversParentTypes['OcsfBaseEvent']> = {
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OcsfCheckResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfCheck'] = ResolversParentTypes['OcsfCheck']> = {
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfCloudResourcesInventoryInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfCloudResourcesInventoryInfo'] = ResolversParentTypes['OcsfCloudResourcesInventoryInfo']> = {
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  resources?: Resolver<Maybe<Array<ResolversTypes['OcsfResourceDetails']>>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OcsfComplianceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfCompliance'] = ResolversParentTypes['OcsfCompliance']> = {
  checks?: Resolver<Maybe<Array<ResolversTypes['OcsfCheck']>>, ParentType, ContextType>;
  control?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  standards?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_details?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type OcsfComplianceFindingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfComplianceFinding'] = ResolversParentTypes['OcsfComplianceFinding']> = {
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  compliance?: Resolver<ResolversTypes['OcsfCompliance'], ParentType, ContextType>;
  finding_info?: Resolver<ResolversTypes['OcsfFindingInfo'], ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  resource?: Resolver<Maybe<ResolversTypes['OcsfResourceDetails']>, ParentType, ContextType>;
  resources?: Resolver<Maybe<Array<ResolversTypes['OcsfResourceDetails']>>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OcsfDetectionFindingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfDetectionFinding'] = ResolversParentTypes['OcsfDetectionFinding']> = {
  action?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  action_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['OcsfActor']>, ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  device?: Resolver<Maybe<ResolversTypes['OcsfDevice']>, ParentType, ContextType>;
  disposition?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  disposition_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  end_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  evidences?: Resolver<Maybe<Array<ResolversTypes['OcsfEvidences']>>, ParentType, ContextType>;
  finding_info?: Resolver<ResolversTypes['OcsfFindingInfo'], ParentType, ContextType>;
  is_alert?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  resources?: Resolver<Maybe<Array<ResolversTypes['OcsfResourceDetails']>>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  start_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  verdict?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  verdict_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OcsfDeviceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfDevice'] = ResolversParentTypes['OcsfDevice']> = {
  agent_list?: Resolver<Maybe<Array<ResolversTypes['OcsfAgent']>>, ParentType, ContextType>;
  created_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  desc?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  first_seen_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  last_seen_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  os?: Resolver<Maybe<ResolversTypes['OcsfOs']>, ParentType, ContextType>;
  owner?: Resolver<Maybe<ResolversTypes['OcsfUser']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  vendor_name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfEntityManagementResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfEntityManagement'] = ResolversParentTypes['OcsfEntityManagement']> = {
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['OcsfActor']>, ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  entity?: Resolver<ResolversTypes['OcsfManagedEntity'], ParentType, ContextType>;
  entity_result?: Resolver<Maybe<ResolversTypes['OcsfManagedEntity']>, ParentType, ContextType>;
  http_request?: Resolver<Maybe<ResolversTypes['OcsfHttpRequest']>, ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  src_endpoint?: Resolver<Maybe<ResolversTypes['OcsfNetworkEndpoint']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  updated_entity?: Resolver<Maybe<ResolversTypes['OcsfManagedEntity']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OcsfEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfEvent'] = ResolversParentTypes['OcsfEvent']> = {
  __resolveType?: TypeResolveFn<'OcsfAccountChange' | 'OcsfAuthentication' | 'OcsfBaseEvent' | 'OcsfCloudResourcesInventoryInfo' | 'OcsfComplianceFinding' | 'OcsfDetectionFinding' | 'OcsfEntityManagement' | 'OcsfGroupManagement' | 'OcsfInventoryInfo' | 'OcsfSoftwareInfo' | 'OcsfUserInventory' | 'OcsfUserManagement' | 'OcsfWebResourcesActivity', ParentType, ContextType>;
};

export type OcsfEventConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfEventConnection'] = ResolversParentTypes['OcsfEventConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['OcsfEventEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['OcsfEvent']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type OcsfEventEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfEventEdge'] = ResolversParentTypes['OcsfEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['OcsfEvent'], ParentType, ContextType>;
};

export type OcsfEvidencesResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfEvidences'] = ResolversParentTypes['OcsfEvidences']> = {
  data?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  http_request?: Resolver<Maybe<ResolversTypes['OcsfHttpRequest']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  src_endpoint?: Resolver<Maybe<ResolversTypes['OcsfNetworkEndpoint']>, ParentType, ContextType>;
  uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['OcsfUrl']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['OcsfUser']>, ParentType, ContextType>;
};

export type OcsfFeatureResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfFeature'] = ResolversParentTypes['OcsfFeature']> = {
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfFindingInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfFindingInfo'] = ResolversParentTypes['OcsfFindingInfo']> = {
  analytic?: Resolver<Maybe<ResolversTypes['OcsfAnalytic']>, ParentType, ContextType>;
  created_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  desc?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  first_seen_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  last_seen_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  modified_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  related_events?: Resolver<Maybe<Array<ResolversTypes['OcsfRelatedEvent']>>, ParentType, ContextType>;
  related_events_count?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  src_url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  types?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  uid?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type OcsfFingerprintResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfFingerprint'] = ResolversParentTypes['OcsfFingerprint']> = {
  algorithm?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  algorithm_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type OcsfGroupResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfGroup'] = ResolversParentTypes['OcsfGroup']> = {
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfGroupManagementResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfGroupManagement'] = ResolversParentTypes['OcsfGroupManagement']> = {
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  group?: Resolver<ResolversTypes['OcsfGroup'], ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['OcsfUser']>, ParentType, ContextType>;
  users?: Resolver<Maybe<Array<ResolversTypes['OcsfUser']>>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OcsfHttpRequestResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfHttpRequest'] = ResolversParentTypes['OcsfHttpRequest']> = {
  referrer?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['OcsfUrl']>, ParentType, ContextType>;
  user_agent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfIdpResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfIdp'] = ResolversParentTypes['OcsfIdp']> = {
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfInventoryInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfInventoryInfo'] = ResolversParentTypes['OcsfInventoryInfo']> = {
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  device?: Resolver<ResolversTypes['OcsfDevice'], ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OcsfLdapPersonResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfLdapPerson'] = ResolversParentTypes['OcsfLdapPerson']> = {
  created_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  department?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  given_name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  last_login_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  office_location?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  surname?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfManagedEntityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfManagedEntity'] = ResolversParentTypes['OcsfManagedEntity']> = {
  data?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  device?: Resolver<Maybe<ResolversTypes['OcsfDevice']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  policy?: Resolver<Maybe<ResolversTypes['OcsfPolicy']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['OcsfUser']>, ParentType, ContextType>;
};

export type OcsfMetadataResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfMetadata'] = ResolversParentTypes['OcsfMetadata']> = {
  event_code?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  log_name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  log_version?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  logged_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  original_event_uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  original_time?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  product?: Resolver<ResolversTypes['OcsfProduct'], ParentType, ContextType>;
  profiles?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  tenant_uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type OcsfNetworkEndpointResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfNetworkEndpoint'] = ResolversParentTypes['OcsfNetworkEndpoint']> = {
  hostname?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ip?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  os?: Resolver<Maybe<ResolversTypes['OcsfOs']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type OcsfObservableResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfObservable'] = ResolversParentTypes['OcsfObservable']> = {
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfOsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfOs'] = ResolversParentTypes['OcsfOs']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type OcsfPolicyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfPolicy'] = ResolversParentTypes['OcsfPolicy']> = {
  data?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  desc?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  is_applied?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfProductResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfProduct'] = ResolversParentTypes['OcsfProduct']> = {
  feature?: Resolver<Maybe<ResolversTypes['OcsfFeature']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  vendor_name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfRelatedEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfRelatedEvent'] = ResolversParentTypes['OcsfRelatedEvent']> = {
  created_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type_name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uid?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type OcsfResourceDetailsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfResourceDetails'] = ResolversParentTypes['OcsfResourceDetails']> = {
  created_time?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  criticality?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  data?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  hostname?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  labels?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  owner?: Resolver<Maybe<ResolversTypes['OcsfUser']>, ParentType, ContextType>;
  role?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  role_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uid_alt?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfServiceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfService'] = ResolversParentTypes['OcsfService']> = {
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfSoftwareInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfSoftwareInfo'] = ResolversParentTypes['OcsfSoftwareInfo']> = {
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  device?: Resolver<ResolversTypes['OcsfDevice'], ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  product?: Resolver<Maybe<ResolversTypes['OcsfProduct']>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OcsfUrlResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfUrl'] = ResolversParentTypes['OcsfUrl']> = {
  hostname?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url_string?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfUserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfUser'] = ResolversParentTypes['OcsfUser']> = {
  account?: Resolver<Maybe<ResolversTypes['OcsfAccount']>, ParentType, ContextType>;
  email_addr?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  full_name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  groups?: Resolver<Maybe<Array<ResolversTypes['OcsfGroup']>>, ParentType, ContextType>;
  has_mfa?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  ldap_person?: Resolver<Maybe<ResolversTypes['OcsfLdapPerson']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfUserInventoryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfUserInventory'] = ResolversParentTypes['OcsfUserInventory']> = {
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  user?: Resolver<ResolversTypes['OcsfUser'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OcsfUserManagementResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfUserManagement'] = ResolversParentTypes['OcsfUserManagement']> = {
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['OcsfActor']>, ParentType, ContextType>;
  auth_factors?: Resolver<Maybe<Array<ResolversTypes['OcsfAuthFactor']>>, ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  http_request?: Resolver<Maybe<ResolversTypes['OcsfHttpRequest']>, ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  src_endpoint?: Resolver<Maybe<ResolversTypes['OcsfNetworkEndpoint']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  user?: Resolver<ResolversTypes['OcsfUser'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OcsfWebResourceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfWebResource'] = ResolversParentTypes['OcsfWebResource']> = {
  data?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  labels?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url_string?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OcsfWebResourcesActivityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OcsfWebResourcesActivity'] = ResolversParentTypes['OcsfWebResourcesActivity']> = {
  action?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  action_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  activity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activity_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['OcsfActor']>, ParentType, ContextType>;
  category_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  class_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  class_uid?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  disposition?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  disposition_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  dst_endpoint?: Resolver<Maybe<ResolversTypes['OcsfNetworkEndpoint']>, ParentType, ContextType>;
  http_request?: Resolver<Maybe<ResolversTypes['OcsfHttpRequest']>, ParentType, ContextType>;
  json?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metadata?: Resolver<ResolversTypes['OcsfMetadata'], ParentType, ContextType>;
  observables?: Resolver<Maybe<Array<ResolversTypes['OcsfObservable']>>, ParentType, ContextType>;
  policy?: Resolver<Maybe<ResolversTypes['OcsfPolicy']>, ParentType, ContextType>;
  raw_data?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  raw_data_hash?: Resolver<Maybe<ResolversTypes['OcsfFingerprint']>, ParentType, ContextType>;
  raw_data_size?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity_id?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  src_endpoint?: Resolver<Maybe<ResolversTypes['OcsfNetworkEndpoint']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_detail?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status_id?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  time_dt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type_name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type_uid?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unmapped?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  web_resources?: Resolver<Array<ResolversTypes['OcsfWebResource']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OtherAccountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OtherAccount'] = ResolversParentTypes['OtherAccount']> = {
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  employeeId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastUsedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  loginMethods?: Resolver<ResolversTypes['OtherLoginMethods'], ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfUserInventory']>, ParentType, ContextType, RequireFields<OtherAccountOcsfArgs, 'version'>>;
  otherApp?: Resolver<Maybe<ResolversTypes['OtherApp']>, ParentType, ContextType>;
  otherAppId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OtherAccountConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OtherAccountConnection'] = ResolversParentTypes['OtherAccountConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['OtherAccountEdge']>, ParentType, ContextType>;
  groupCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, RequireFields<OtherAccountConnectionGroupCountArgs, 'by'>>;
  groups?: Resolver<Maybe<Array<ResolversTypes['OtherAccountGroupCount']>>, ParentType, ContextType, RequireFields<OtherAccountConnectionGroupsArgs, 'by'>>;
  nodes?: Resolver<Array<ResolversTypes['OtherAccount']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type OtherAccountEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OtherAccountEdge'] = ResolversParentTypes['OtherAccountEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['OtherAccount'], ParentType, ContextType>;
};

export type OtherAccountGroupCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OtherAccountGroupCount'] = ResolversParentTypes['OtherAccountGroupCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  distinct?: Resolver<ResolversTypes['Int'], ParentType, ContextType, RequireFields<OtherAccountGroupCountDistinctArgs, 'of'>>;
  keys?: Resolver<Array<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType, RequireFields<OtherAccountGroupCountShareArgs, 'where'>>;
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OtherAppResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OtherApp'] = ResolversParentTypes['OtherApp']> = {
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  domain?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hidden?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  oauthAppId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfEvent']>, ParentType, ContextType, RequireFields<OtherAppOcsfArgs, 'version'>>;
  requestSupportStatus?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OtherAppConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OtherAppConnection'] = ResolversParentTypes['OtherAppConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['OtherAppEdge']>, ParentType, ContextType>;
  groupCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, RequireFields<OtherAppConnectionGroupCountArgs, 'by'>>;
  groups?: Resolver<Maybe<Array<ResolversTypes['OtherAppGroupCount']>>, ParentType, ContextType, RequireFields<OtherAppConnectionGroupsArgs, 'by'>>;
  nodes?: Resolver<Array<ResolversTypes['OtherApp']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type OtherAppEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OtherAppEdge'] = ResolversParentTypes['OtherAppEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['OtherApp'], ParentType, ContextType>;
};

export type OtherAppGroupCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OtherAppGroupCount'] = ResolversParentTypes['OtherAppGroupCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  distinct?: Resolver<ResolversTypes['Int'], ParentType, ContextType, RequireFields<OtherAppGroupCountDistinctArgs, 'of'>>;
  keys?: Resolver<Array<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType, RequireFields<OtherAppGroupCountShareArgs, 'where'>>;
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OtherEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OtherEvent'] = ResolversParentTypes['OtherEvent']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  accountId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  app?: Resolver<Maybe<ResolversTypes['App']>, ParentType, ContextType>;
  appId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  category?: Resolver<ResolversTypes['EventCategory'], ParentType, ContextType>;
  categoryRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
  employeeId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  entityId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  inferred?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  new?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  object?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  objectName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  ocsf?: Resolver<Maybe<ResolversTypes['OcsfEvent']>, ParentType, ContextType, RequireFields<OtherEventOcsfArgs, 'rawData' | 'version'>>;
  old?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  payload?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sourceIpAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['ChangeType']>, ParentType, ContextType>;
  typeRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OtherLoginMethodsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OtherLoginMethods'] = ResolversParentTypes['OtherLoginMethods']> = {
  oidcLogin?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  passwordLogin?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  samlLogin?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType, RequireFields<QueryAccountArgs, 'id'>>;
  accounts?: Resolver<Maybe<ResolversTypes['AccountConnection']>, ParentType, ContextType, Partial<QueryAccountsArgs>>;
  app?: Resolver<Maybe<ResolversTypes['App']>, ParentType, ContextType, Partial<QueryAppArgs>>;
  apps?: Resolver<Maybe<ResolversTypes['AppConnection']>, ParentType, ContextType, Partial<QueryAppsArgs>>;
  browser?: Resolver<Maybe<ResolversTypes['Browser']>, ParentType, ContextType, RequireFields<QueryBrowserArgs, 'id'>>;
  browserExtension?: Resolver<Maybe<ResolversTypes['BrowserExtension']>, ParentType, ContextType, RequireFields<QueryBrowserExtensionArgs, 'id'>>;
  browserExtensions?: Resolver<Maybe<ResolversTypes['BrowserExtensionConnection']>, ParentType, ContextType, Partial<QueryBrowserExtensionsArgs>>;
  browsers?: Resolver<Maybe<ResolversTypes['BrowserConnection']>, ParentType, ContextType, Partial<QueryBrowsersArgs>>;
  changes?: Resolver<Maybe<ResolversTypes['ChangeConnection']>, ParentType, ContextType, Partial<QueryChangesArgs>>;
  connectors?: Resolver<Array<ResolversTypes['Connector']>, ParentType, ContextType>;
  detection?: Resolver<Maybe<ResolversTypes['Detection']>, ParentType, ContextType, RequireFields<QueryDetectionArgs, 'id'>>;
  detections?: Resolver<Maybe<ResolversTypes['DetectionConnection']>, ParentType, ContextType, Partial<QueryDetectionsArgs>>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType, Partial<QueryEmployeeArgs>>;
  employees?: Resolver<Maybe<ResolversTypes['EmployeeConnection']>, ParentType, ContextType, Partial<QueryEmployeesArgs>>;
  events?: Resolver<Maybe<ResolversTypes['EventConnection']>, ParentType, ContextType, Partial<QueryEventsArgs>>;
  finding?: Resolver<Maybe<ResolversTypes['Finding']>, ParentType, ContextType, RequireFields<QueryFindingArgs, 'id'>>;
  findings?: Resolver<Maybe<ResolversTypes['FindingConnection']>, ParentType, ContextType, Partial<QueryFindingsArgs>>;
  ocsfEvents?: Resolver<Maybe<ResolversTypes['OcsfEventConnection']>, ParentType, ContextType, RequireFields<QueryOcsfEventsArgs, 'rawData' | 'version'>>;
  otherAccounts?: Resolver<Maybe<ResolversTypes['OtherAccountConnection']>, ParentType, ContextType, Partial<QueryOtherAccountsArgs>>;
  otherApps?: Resolver<Maybe<ResolversTypes['OtherAppConnection']>, ParentType, ContextType, Partial<QueryOtherAppsArgs>>;
  search?: Resolver<Maybe<ResolversTypes['SearchConnection']>, ParentType, ContextType, RequireFields<QuerySearchArgs, 'value'>>;
  timeline?: Resolver<Maybe<ResolversTypes['TimelineConnection']>, ParentType, ContextType, RequireFields<QueryTimelineArgs, 'value'>>;
};

export type RateLimitResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RateLimit'] = ResolversParentTypes['RateLimit']> = {
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  burst?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  estimatedWaitMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  limit?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  queued?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type RemoveAccountLoginMethodPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RemoveAccountLoginMethodPayload'] = ResolversParentTypes['RemoveAccountLoginMethodPayload']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ReplicaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Replica'] = ResolversParentTypes['Replica']> = {
  asks?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  isThis?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type SearchConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SearchConnection'] = ResolversParentTypes['SearchConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['SearchEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Entity']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type SearchEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SearchEdge'] = ResolversParentTypes['SearchEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  matchedOn?: Resolver<Array<ResolversTypes['SearchMatch']>, ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Entity'], ParentType, ContextType>;
};

export type SearchMatchResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SearchMatch'] = ResolversParentTypes['SearchMatch']> = {
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['ObservableKind'], ParentType, ContextType>;
  via?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SharedDatabaseResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SharedDatabase'] = ResolversParentTypes['SharedDatabase']> = {
  answerMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  clockOffsetMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reachable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replicas?: Resolver<Array<ResolversTypes['Replica']>, ParentType, ContextType>;
  waiting?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SinkResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Sink'] = ResolversParentTypes['Sink']> = {
  at?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  lagSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  lastError?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quarantined?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  sent?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['SinkState'], ParentType, ContextType>;
};

export type StoredCollectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StoredCollection'] = ResolversParentTypes['StoredCollection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  bytes?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  collection?: Resolver<ResolversTypes['Collection'], ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  drift?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  followed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  refreshing?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  rows?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  changes?: SubscriptionResolver<ResolversTypes['Change'], "changes", ParentType, ContextType, Partial<SubscriptionChangesArgs>>;
  events?: SubscriptionResolver<ResolversTypes['Event'], "events", ParentType, ContextType, Partial<SubscriptionEventsArgs>>;
};

export type TimelineConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TimelineConnection'] = ResolversParentTypes['TimelineConnection']> = {
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['TimelineEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['TimelineItem']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type TimelineEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TimelineEdge'] = ResolversParentTypes['TimelineEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['TimelineItem'], ParentType, ContextType>;
};

export type TimelineItemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TimelineItem'] = ResolversParentTypes['TimelineItem']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  change?: Resolver<Maybe<ResolversTypes['Change']>, ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['Connector'], ParentType, ContextType>;
  connectorAlias?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  detectionEvent?: Resolver<Maybe<ResolversTypes['DetectionEvent']>, ParentType, ContextType>;
  event?: Resolver<Maybe<ResolversTypes['Event']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['TimelineKind'], ParentType, ContextType>;
  object?: Resolver<ResolversTypes['Entity'], ParentType, ContextType>;
  text?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type UpdateAppPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateAppPayload'] = ResolversParentTypes['UpdateAppPayload']> = {
  app?: Resolver<Maybe<ResolversTypes['App']>, ParentType, ContextType>;
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type UpdateDetectionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateDetectionPayload'] = ResolversParentTypes['UpdateDetectionPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  detection?: Resolver<Maybe<ResolversTypes['Detection']>, ParentType, ContextType>;
};

export type UpdateEmployeePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateEmployeePayload'] = ResolversParentTypes['UpdateEmployeePayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  employee?: Resolver<Maybe<ResolversTypes['Employee']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Account?: AccountResolvers<ContextType>;
  AccountConnection?: AccountConnectionResolvers<ContextType>;
  AccountEdge?: AccountEdgeResolvers<ContextType>;
  AccountGroupCount?: AccountGroupCountResolvers<ContextType>;
  App?: AppResolvers<ContextType>;
  AppConnection?: AppConnectionResolvers<ContextType>;
  AppEdge?: AppEdgeResolvers<ContextType>;
  AppGroupCount?: AppGroupCountResolvers<ContextType>;
  AuditEvent?: AuditEventResolvers<ContextType>;
  Browser?: BrowserResolvers<ContextType>;
  BrowserConnection?: BrowserConnectionResolvers<ContextType>;
  BrowserEdge?: BrowserEdgeResolvers<ContextType>;
  BrowserExtension?: BrowserExtensionResolvers<ContextType>;
  BrowserExtensionConnection?: BrowserExtensionConnectionResolvers<ContextType>;
  BrowserExtensionEdge?: BrowserExtensionEdgeResolvers<ContextType>;
  BrowserExtensionGroupCount?: BrowserExtensionGroupCountResolvers<ContextType>;
  BrowserGroupCount?: BrowserGroupCountResolvers<ContextType>;
  Capability?: CapabilityResolvers<ContextType>;
  Change?: ChangeResolvers<ContextType>;
  ChangeConnection?: ChangeConnectionResolvers<ContextType>;
  ChangeEdge?: ChangeEdgeResolvers<ContextType>;
  ChangeGroupCount?: ChangeGroupCountResolvers<ContextType>;
  Collection?: CollectionResolvers;
  Connector?: ConnectorResolvers<ContextType>;
  ControlEvent?: ControlEventResolvers<ContextType>;
  ControlNotice?: ControlNoticeResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeleteAccountPayload?: DeleteAccountPayloadResolvers<ContextType>;
  Detection?: DetectionResolvers<ContextType>;
  DetectionChangeEvent?: DetectionChangeEventResolvers<ContextType>;
  DetectionConnection?: DetectionConnectionResolvers<ContextType>;
  DetectionEdge?: DetectionEdgeResolvers<ContextType>;
  DetectionEvent?: DetectionEventResolvers<ContextType>;
  DetectionGroupCount?: DetectionGroupCountResolvers<ContextType>;
  Duration?: GraphQLScalarType;
  Employee?: EmployeeResolvers<ContextType>;
  EmployeeConnection?: EmployeeConnectionResolvers<ContextType>;
  EmployeeEdge?: EmployeeEdgeResolvers<ContextType>;
  EmployeeGroupCount?: EmployeeGroupCountResolvers<ContextType>;
  Entity?: EntityResolvers<ContextType>;
  EntityEvent?: EntityEventResolvers<ContextType>;
  Event?: EventResolvers<ContextType>;
  EventActor?: EventActorResolvers<ContextType>;
  EventChange?: EventChangeResolvers<ContextType>;
  EventConnection?: EventConnectionResolvers<ContextType>;
  EventEdge?: EventEdgeResolvers<ContextType>;
  EventGroupCount?: EventGroupCountResolvers<ContextType>;
  EventStore?: EventStoreResolvers<ContextType>;
  Finding?: FindingResolvers<ContextType>;
  FindingConnection?: FindingConnectionResolvers<ContextType>;
  FindingEdge?: FindingEdgeResolvers<ContextType>;
  FindingGroupCount?: FindingGroupCountResolvers<ContextType>;
  GroupCount?: GroupCountResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  LoginEvent?: LoginEventResolvers<ContextType>;
  LoginMethods?: LoginMethodsResolvers<ContextType>;
  Long?: GraphQLScalarType;
  Mutation?: MutationResolvers<ContextType>;
  OcsfAccount?: OcsfAccountResolvers<ContextType>;
  OcsfAccountChange?: OcsfAccountChangeResolvers<ContextType>;
  OcsfActor?: OcsfActorResolvers<ContextType>;
  OcsfAgent?: OcsfAgentResolvers<ContextType>;
  OcsfAnalytic?: OcsfAnalyticResolvers<ContextType>;
  OcsfAuthFactor?: OcsfAuthFactorResolvers<ContextType>;
  OcsfAuthentication?: OcsfAuthenticationResolvers<ContextType>;
  OcsfBaseEvent?: OcsfBaseEventResolvers<ContextType>;
  OcsfCheck?: OcsfCheckResolvers<ContextType>;
  OcsfCloudResourcesInventoryInfo?: OcsfCloudResourcesInventoryInfoResolvers<ContextType>;
  OcsfCompliance?: OcsfComplianceResolvers<ContextType>;
  OcsfComplianceFinding?: OcsfComplianceFindingResolvers<ContextType>;
  OcsfDetectionFinding?: OcsfDetectionFindingResolvers<ContextType>;
  OcsfDevice?: OcsfDeviceResolvers<ContextType>;
  OcsfEntityManagement?: OcsfEntityManagementResolvers<ContextType>;
  OcsfEvent?: OcsfEventResolvers<ContextType>;
  OcsfEventConnection?: OcsfEventConnectionResolvers<ContextType>;
  OcsfEventEdge?: OcsfEventEdgeResolvers<ContextType>;
  OcsfEvidences?: OcsfEvidencesResolvers<ContextType>;
  OcsfFeature?: OcsfFeatureResolvers<ContextType>;
  OcsfFindingInfo?: OcsfFindingInfoResolvers<ContextType>;
  OcsfFingerprint?: OcsfFingerprintResolvers<ContextType>;
  OcsfGroup?: OcsfGroupResolvers<ContextType>;
  OcsfGroupManagement?: OcsfGroupManagementResolvers<ContextType>;
  OcsfHttpRequest?: OcsfHttpRequestResolvers<ContextType>;
  OcsfIdp?: OcsfIdpResolvers<ContextType>;
  OcsfInventoryInfo?: OcsfInventoryInfoResolvers<ContextType>;
  OcsfLdapPerson?: OcsfLdapPersonResolvers<ContextType>;
  OcsfManagedEntity?: OcsfManagedEntityResolvers<ContextType>;
  OcsfMetadata?: OcsfMetadataResolvers<ContextType>;
  OcsfNetworkEndpoint?: OcsfNetworkEndpointResolvers<ContextType>;
  OcsfObservable?: OcsfObservableResolvers<ContextType>;
  OcsfOs?: OcsfOsResolvers<ContextType>;
  OcsfPolicy?: OcsfPolicyResolvers<ContextType>;
  OcsfProduct?: OcsfProductResolvers<ContextType>;
  OcsfRelatedEvent?: OcsfRelatedEventResolvers<ContextType>;
  OcsfResourceDetails?: OcsfResourceDetailsResolvers<ContextType>;
  OcsfService?: OcsfServiceResolvers<ContextType>;
  OcsfSoftwareInfo?: OcsfSoftwareInfoResolvers<ContextType>;
  OcsfUrl?: OcsfUrlResolvers<ContextType>;
  OcsfUser?: OcsfUserResolvers<ContextType>;
  OcsfUserInventory?: OcsfUserInventoryResolvers<ContextType>;
  OcsfUserManagement?: OcsfUserManagementResolvers<ContextType>;
  OcsfWebResource?: OcsfWebResourceResolvers<ContextType>;
  OcsfWebResourcesActivity?: OcsfWebResourcesActivityResolvers<ContextType>;
  OtherAccount?: OtherAccountResolvers<ContextType>;
  OtherAccountConnection?: OtherAccountConnectionResolvers<ContextType>;
  OtherAccountEdge?: OtherAccountEdgeResolvers<ContextType>;
  OtherAccountGroupCount?: OtherAccountGroupCountResolvers<ContextType>;
  OtherApp?: OtherAppResolvers<ContextType>;
  OtherAppConnection?: OtherAppConnectionResolvers<ContextType>;
  OtherAppEdge?: OtherAppEdgeResolvers<ContextType>;
  OtherAppGroupCount?: OtherAppGroupCountResolvers<ContextType>;
  OtherEvent?: OtherEventResolvers<ContextType>;
  OtherLoginMethods?: OtherLoginMethodsResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RateLimit?: RateLimitResolvers<ContextType>;
  RemoveAccountLoginMethodPayload?: RemoveAccountLoginMethodPayloadResolvers<ContextType>;
  Replica?: ReplicaResolvers<ContextType>;
  SearchConnection?: SearchConnectionResolvers<ContextType>;
  SearchEdge?: SearchEdgeResolvers<ContextType>;
  SearchMatch?: SearchMatchResolvers<ContextType>;
  SharedDatabase?: SharedDatabaseResolvers<ContextType>;
  Sink?: SinkResolvers<ContextType>;
  StoredCollection?: StoredCollectionResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  TimelineConnection?: TimelineConnectionResolvers<ContextType>;
  TimelineEdge?: TimelineEdgeResolvers<ContextType>;
  TimelineItem?: TimelineItemResolvers<ContextType>;
  UpdateAppPayload?: UpdateAppPayloadResolvers<ContextType>;
  UpdateDetectionPayload?: UpdateDetectionPayloadResolvers<ContextType>;
  UpdateEmployeePayload?: UpdateEmployeePayloadResolvers<ContextType>;
};

