/** compose.yaml and the manifests for Kubernetes, as far as can be seen without either: they fit together, and the settings are taken. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, parseAllDocuments } from 'yaml'
import { describe, expect, test } from 'vitest'
import { type Config, readConfig } from '../../src/config/config.ts'
import { directoryForTest } from '../support/directory.ts'
import { environmentOf, readStages } from '../support/dockerfile.ts'

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))
const read = (path: string): string => readFileSync(join(examples, path), 'utf8')
const imageEnvironment = environmentOf(
  readStages(new URL('../../Dockerfile', import.meta.url)).at(-1) ?? [],
)

/** The settings as they are in the container, with the files of that folder where `mounted` says. */
const settings = (
  environment: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
  mounted: string,
): Config => {
  const folder = directoryForTest()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const all = { ...imageEnvironment, ...environment, PUSHGRAPH_DATA_DIR: folder }
  return readConfig(
    Object.fromEntries(
      Object.entries(all).map(([name, value]) => [name, value.replace(mounted, folder)]),
    ),
    folder,
  )
}

describe('compose.yaml', () => {
  interface Service {
    readonly image: string
    readonly volumes: readonly string[]
    readonly environment?: Readonly<Record<string, string>>
    readonly ports: readonly string[]
  }
  interface Compose {
    readonly services: Readonly<Record<string, Partial<Service>>>
    readonly volumes?: Readonly<Record<string, unknown>>
  }
  const plain = parse(read('compose/compose.yaml')) as Compose
  const withTokens = parse(read('compose/compose.tokens.yaml')) as Compose
  const volumes = [plain, withTokens].flatMap(({ services }) =>
    Object.values(services).flatMap(service => service.volumes ?? []),
  )

  /** Its settings, with the folder of documents where the file mounts it from. */
  const outside = ({ environment = {} }: Partial<Service> = {}): Record<string, string> => ({
    ...environment,
    PUSHGRAPH_DOCUMENTS: (environment['PUSHGRAPH_DOCUMENTS'] ?? '').replace(
      /^\/documents$/,
      join(examples, 'grafana/documents'),
    ),
  })

  test('runs each service from an image of one version, reached from this machine alone', () => {
    for (const [name, { image, ports = [] }] of Object.entries(plain.services)) {
      if (name !== 'pushgraph') expect(image).toMatch(/:v?\d+\.\d+\.\d+$/)
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
    }
  })

  test('runs Pushgraph with nothing but what it needs', () => {
    expect(plain.services['pushgraph']).toMatchObject({
      build: '../..',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      volumes: [
        `data:${imageEnvironment['PUSHGRAPH_DATA_DIR']}`,
        '../grafana/documents:/documents:ro',
      ],
      stop_grace_period: '30s',
    })
  })

  test('mounts files and volumes that there are', () => {
    expect(volumes.length).toBeGreaterThan(5)
    for (const volume of volumes) {
      const [source = ''] = volume.split(':')
      // These are for its user to make.
      if (source.startsWith('./secrets')) continue
      const isThere = source.startsWith('.')
        ? existsSync(resolve(examples, 'compose', source))
        : Object.hasOwn(plain.volumes ?? {}, source)
      expect([source, isThere]).toEqual([source, true])
    }
  })

  test('does not choose who may ask, and its settings are taken', () => {
    const { PUSHGRAPH_AUTH, ...others } = outside(plain.services['pushgraph'])
    expect(PUSHGRAPH_AUTH).toMatch(/^\$\{PUSHGRAPH_AUTH:\?/)
    expect(settings({ ...others, PUSHGRAPH_AUTH: 'none' }, {}, '/-').hosts).toContain('pushgraph')
    expect(() => settings(others, {}, '/-')).toThrow('PUSHGRAPH_AUTH')
  })

  test('takes tokens, a key and a webhook secret from the files that it says to make', () => {
    const text = read('compose/compose.tokens.yaml')
    const [connectors = ''] = /connectors: \[.*\]/.exec(text) ?? []
    const { environment = {} } = withTokens.services['pushgraph'] ?? {}
    const { auth, connectors: found } = settings(
      { ...outside(plain.services['pushgraph']), ...environment },
      { 'connectors.yaml': connectors, 'push.key': 'key', 'tokens.yaml': '[]' },
      '/secrets',
    )
    expect(auth).toMatchObject({ tokens: [] })
    expect(found.map(({ alias, webhookSecrets }) => [alias, webhookSecrets()])).toEqual([
      ['acme', ['psws_...']],
    ])
  })

  test('gives Grafana the dashboards, and the sources that they ask', () => {
    const { environment = {} } = plain.services['grafana'] ?? {}
    const sources = ['prometheus', 'pushgraph'].flatMap(
      name =>
        (
          parse(read(`grafana/provisioning/datasources/${name}.yaml`)) as {
            datasources: { url: string; type: string }[]
          }
        ).datasources,
    )
    const hosts = sources.map(
      ({ url }) =>
        new URL(url.replace(/^\$\{(\w+)\}$/, (_, name: string) => environment[name] ?? ''))
          .hostname,
    )
    expect(hosts).toEqual(['prometheus', 'pushgraph'])
    expect(environment['GF_PLUGINS_PREINSTALL_SYNC']).toMatch(
      new RegExp(`^${sources[1]?.type}@\\d+\\.\\d+\\.\\d+$`),
    )
    const { providers } = parse(read('grafana/provisioning/dashboards/pushgraph.yaml')) as {
      providers: { options: { path: string } }[]
    }
    expect(volumes).toContain(`../grafana/dashboards:${providers[0]?.options.path}:ro`)
    expect(volumes).toContain('../grafana/provisioning:/etc/grafana/provisioning:ro')
  })

  test('gives Grafana a token where callers are asked who they are', () => {
    const { secureJsonData } = (
      parse(read('grafana/provisioning/datasources/pushgraph.yaml')) as {
        datasources: { secureJsonData: Record<string, string> }[]
      }
    ).datasources[0] ?? { secureJsonData: {} }
    expect(secureJsonData['bearerToken']).toBe('${PUSHGRAPH_TOKEN}')
    expect(withTokens.services['grafana']?.environment?.['PUSHGRAPH_TOKEN']).toMatch(
      /^\$\{PUSHGRAPH_GRAFANA_TOKEN:\?/,
    )
    // Whoever looked without a name would see what the token may see.
    expect(withTokens.services['grafana']?.environment?.['GF_AUTH_ANONYMOUS_ENABLED']).toBe('false')
  })
})

describe('the manifests for Kubernetes', () => {
  interface Manifest {
    readonly apiVersion: string
    readonly kind: string
    readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
    readonly data?: Readonly<Record<string, string>>
    readonly stringData?: Readonly<Record<string, string>>
    readonly spec?: Readonly<Record<string, unknown>>
  }
  const documents = parseAllDocuments(read('kubernetes/pushgraph.yaml'))
  const manifests = documents.map(document => document.toJS() as Manifest)
  const secret = parse(read('kubernetes/secret.example.yaml')) as Manifest
  const of = (kind: string): Manifest[] => manifests.filter(manifest => manifest.kind === kind)
  const [set] = of('StatefulSet')
  const labels = { 'app.kubernetes.io/name': 'pushgraph' }

  test('are what they say, each with a name and the label that the others ask for', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([])
    expect(manifests.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      'v1 ConfigMap',
      'v1 ServiceAccount',
      'v1 Service',
      'v1 Service',
      'apps/v1 StatefulSet',
      'networking.k8s.io/v1 NetworkPolicy',
    ])
    for (const { metadata } of [...manifests, secret]) expect(metadata.labels).toEqual(labels)
    for (const service of of('Service'))
      expect(service.spec).toMatchObject({
        selector: labels,
        ports: [{ port: 4000, targetPort: 'http' }],
      })
    expect(of('NetworkPolicy')[0]?.spec).toMatchObject({
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress', 'Egress'],
    })
  })

  test('run one pod that may do nothing, with a volume for what is kept', () => {
    expect(set?.spec).toMatchObject({
      replicas: 1,
      serviceName: 'pushgraph',
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            fsGroup: 1000,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              ports: [{ name: 'http', containerPort: Number(imageEnvironment['PORT']) }],
              envFrom: [{ configMapRef: { name: 'pushgraph' } }],
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              resources: { requests: { memory: '512Mi' }, limits: { memory: '1Gi' } },
              volumeMounts: [
                { name: 'data', mountPath: imageEnvironment['PUSHGRAPH_DATA_DIR'] },
                { name: 'secrets', mountPath: '/etc/pushgraph', readOnly: true },
              ],
              startupProbe: { httpGet: { path: '/livez', port: 'http' } },
              livenessProbe: { httpGet: { path: '/livez', port: 'http' } },
              readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
            },
          ],
          volumes: [{ name: 'secrets', secret: { secretName: secret.metadata.name } }],
        },
      },
      volumeClaimTemplates: [{ metadata: { name: 'data' } }],
    })
    // A whole folder is seen to change, a single file of it is not.
    expect(JSON.stringify(set)).not.toContain('subPath')
  })

  test('leave a running answer the time that the server gives it', () => {
    const { terminationGracePeriodSeconds: grace, containers } = (
      set?.spec as {
        template: {
          spec: {
            terminationGracePeriodSeconds: number
            containers: { lifecycle: { preStop: { sleep: { seconds: number } } } }[]
          }
        }
      }
    ).template.spec
    const pause = containers[0]?.lifecycle.preStop.sleep.seconds ?? 0
    expect(grace - pause).toBeGreaterThanOrEqual(30)
  })

  test('have settings and files that are taken', () => {
    const [config] = of('ConfigMap')
    const found = settings(config?.data ?? {}, secret.stringData ?? {}, '/etc/pushgraph')
    expect(found.auth).toMatchObject({ tokens: [{ name: 'dashboards' }] })
    expect(found.connectors.map(({ alias }) => alias)).toEqual(['acme'])
    expect(found.hosts).toContain('pushgraph')
  })
})

describe('with several replicas', () => {
  const compose = parse(read('compose/compose.replicas.yaml')) as {
    readonly services: Readonly<
      Record<
        string,
        {
          readonly image: string
          readonly environment?: Readonly<Record<string, string>>
          readonly volumes?: readonly string[]
          readonly ports?: readonly string[]
          readonly deploy?: { readonly replicas: number }
        }
      >
    >
  }
  const manifests = parseAllDocuments(read('kubernetes/replicas.yaml')).map(
    document => document.toJS() as { readonly kind: string; readonly spec: unknown },
  )
  const plain = parseAllDocuments(read('kubernetes/pushgraph.yaml')).map(
    document => document.toJS() as { readonly kind: string; readonly spec: unknown },
  )
  const password = 'letters0and1digits'

  test('compose runs three that share one database, reached through nginx from this machine alone', () => {
    const { pushgraph, postgres, nginx } = compose.services
    expect(pushgraph?.deploy).toEqual({ replicas: 3 })
    expect(pushgraph).not.toHaveProperty('ports')
    expect(postgres).not.toHaveProperty('ports')
    for (const port of nginx?.ports ?? ['none']) expect(port).toMatch(/^127\.0\.0\.1:/)
    for (const name of ['postgres', 'nginx'])
      expect(compose.services[name]?.image).toMatch(/:\d+\.\d+/)
    for (const volume of Object.values(compose.services).flatMap(({ volumes = [] }) => volumes)) {
      const [source = ''] = volume.split(':')
      if (source.startsWith('./') && !source.startsWith('./secrets'))
        expect(existsSync(resolve(examples, 'compose', source))).toBe(true)
    }
    expect(read('compose/nginx.conf')).toMatch(/server pushgraph:4000 resolve/)
  })

  test('compose has settings that are taken, with a password that its user chooses', () => {
    const { environment = {} } = compose.services['pushgraph'] ?? {}
    expect(environment['PUSHGRAPH_DATABASE_URL']).toContain('${POSTGRES_PASSWORD:?')
    const filled = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        value.replace(/\$\{POSTGRES_PASSWORD.*?\}/, password),
      ]),
    )
    const { databaseUrl, drainMs, warnings } = settings(
      filled,
      {
        'connectors.yaml': 'connectors: [{ alias: acme, apiKeyFile: push.key }]',
        'push.key': 'key',
        'tokens.yaml': '[]',
      },
      '/secrets',
    )
    expect(databaseUrl?.()).toBe(`postgres://pushgraph:${password}@postgres:5432/pushgraph`)
    expect(drainMs).toBe(5_000)
    expect(warnings).toEqual([])
  })

  test('Kubernetes keeps two of them, and none has a volume of its own', () => {
    const deployment = manifests.find(({ kind }) => kind === 'Deployment')
    expect(deployment?.spec).toMatchObject({
      replicas: 3,
      strategy: { rollingUpdate: { maxUnavailable: 0 } },
    })
    expect(JSON.stringify(deployment)).not.toContain('volumeClaim')
    expect(manifests.find(({ kind }) => kind === 'PodDisruptionBudget')?.spec).toMatchObject({
      minAvailable: 2,
    })
    expect(JSON.stringify(deployment)).toContain(
      '{"name":"PUSHGRAPH_DATABASE_URL","valueFrom":{"secretKeyRef":{"name":"pushgraph-database","key":"url"}}}',
    )
    expect(JSON.stringify(manifests.find(({ kind }) => kind === 'NetworkPolicy'))).toContain('5432')
  })

  test('Kubernetes runs each of them as it runs one alone', () => {
    const of = (all: typeof manifests, kind: string) => all.filter(each => each.kind === kind)
    for (const kind of ['ConfigMap', 'ServiceAccount', 'Service'])
      expect(of(manifests, kind)).toEqual(of(plain, kind))
    const containerOf = (manifest: { readonly spec: unknown } | undefined) => {
      const { template } = manifest?.spec as {
        template: { spec: { containers: readonly Record<string, unknown>[] } }
      }
      const { env: _env, ...container } = template.spec.containers[0] ?? {}
      return container
    }
    expect(containerOf(of(manifests, 'Deployment')[0])).toEqual(
      containerOf(of(plain, 'StatefulSet')[0]),
    )
  })
})
