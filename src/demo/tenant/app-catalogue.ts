/** The apps that companies log into: well-known ones, then as many made-up ones as are wanted. */
export interface CatalogueApp {
  /** Push's word for it. */
  readonly type: string
  readonly name: string
  readonly website: string
  readonly category: string
}

const entry = (line: string): CatalogueApp => {
  const [type = '', name = '', website = '', category = ''] = line.split('|')
  return { type, name, website: `https://${website}`, category }
}

/** The identity provider that most employees log in with. */
export const identityProvider = entry(
  'GOOGLE_WORKSPACE|Google Workspace|workspace.google.com|Productivity',
)

// Roughly by how many people have an account.
const wellKnown: readonly CatalogueApp[] = [
  identityProvider,
  ...`
SLACK|Slack|slack.com|Communication
ATLASSIAN|Atlassian|atlassian.com|Project management
ZOOM|Zoom|zoom.us|Communication
OPENAI|OpenAI|openai.com|Artificial intelligence
MICROSOFT_365|Microsoft 365|microsoft365.com|Productivity
NOTION|Notion|notion.so|Productivity
FIGMA|Figma|figma.com|Design
GITHUB|GitHub|github.com|Development
LINKEDIN|LinkedIn|linkedin.com|Social media
SALESFORCE|Salesforce|salesforce.com|Sales
HUBSPOT|HubSpot|hubspot.com|Marketing
PUSH_SECURITY|Push Security|pushsecurity.com|Security
CANVA|Canva|canva.com|Design
MIRO|Miro|miro.com|Collaboration
DROPBOX|Dropbox|dropbox.com|File sharing
ADOBE|Adobe|adobe.com|Design
DOCUSIGN|Docusign|docusign.com|Documents
ZENDESK|Zendesk|zendesk.com|Support
AIRTABLE|Airtable|airtable.com|Productivity
ASANA|Asana|asana.com|Project management
ANTHROPIC|Anthropic|claude.ai|Artificial intelligence
GRAMMARLY|Grammarly|grammarly.com|Writing
LOOM|Loom|loom.com|Communication
CALENDLY|Calendly|calendly.com|Scheduling
INTERCOM|Intercom|intercom.com|Support
OKTA|Okta|okta.com|Identity
ONEPASSWORD|1Password|1password.com|Security
AWS|Amazon Web Services|aws.amazon.com|Infrastructure
DATADOG|Datadog|datadoghq.com|Monitoring
WORKDAY|Workday|workday.com|People
GONG|Gong|gong.io|Sales
TRELLO|Trello|trello.com|Project management
STRIPE|Stripe|stripe.com|Finance
XERO|Xero|xero.com|Finance
QUICKBOOKS|QuickBooks|quickbooks.intuit.com|Finance
EXPENSIFY|Expensify|expensify.com|Finance
BAMBOOHR|BambooHR|bamboohr.com|People
GREENHOUSE|Greenhouse|greenhouse.io|People
LEVER|Lever|lever.co|People
SNOWFLAKE|Snowflake|snowflake.com|Data
TABLEAU|Tableau|tableau.com|Data
LOOKER|Looker|cloud.google.com/looker|Data
DBT|dbt Cloud|getdbt.com|Data
MIXPANEL|Mixpanel|mixpanel.com|Analytics
AMPLITUDE|Amplitude|amplitude.com|Analytics
SEGMENT|Segment|segment.com|Analytics
MAILCHIMP|Mailchimp|mailchimp.com|Marketing
MARKETO|Marketo|marketo.com|Marketing
SURVEYMONKEY|SurveyMonkey|surveymonkey.com|Surveys
TYPEFORM|Typeform|typeform.com|Surveys
BOX|Box|box.com|File sharing
WETRANSFER|WeTransfer|wetransfer.com|File sharing
EVERNOTE|Evernote|evernote.com|Notes
MONDAY|monday.com|monday.com|Project management
CLICKUP|ClickUp|clickup.com|Project management
LINEAR|Linear|linear.app|Project management
GITLAB|GitLab|gitlab.com|Development
BITBUCKET|Bitbucket|bitbucket.org|Development
CIRCLECI|CircleCI|circleci.com|Development
VERCEL|Vercel|vercel.com|Infrastructure
NETLIFY|Netlify|netlify.com|Infrastructure
CLOUDFLARE|Cloudflare|cloudflare.com|Infrastructure
DIGITALOCEAN|DigitalOcean|digitalocean.com|Infrastructure
HEROKU|Heroku|heroku.com|Infrastructure
SENTRY|Sentry|sentry.io|Monitoring
PAGERDUTY|PagerDuty|pagerduty.com|Monitoring
NEW_RELIC|New Relic|newrelic.com|Monitoring
POSTMAN|Postman|postman.com|Development
NPM|npm|npmjs.com|Development
DOCKER|Docker Hub|hub.docker.com|Development
AUTH0|Auth0|auth0.com|Identity
TWILIO|Twilio|twilio.com|Communication
SENDGRID|SendGrid|sendgrid.com|Communication
ZAPIER|Zapier|zapier.com|Automation
MAKE|Make|make.com|Automation
DEEPL|DeepL|deepl.com|Writing
PERPLEXITY|Perplexity|perplexity.ai|Artificial intelligence
MIDJOURNEY|Midjourney|midjourney.com|Artificial intelligence
HUGGING_FACE|Hugging Face|huggingface.co|Artificial intelligence
OTTER|Otter.ai|otter.ai|Artificial intelligence
X|X|x.com|Social media
FACEBOOK|Facebook|facebook.com|Social media
HOOTSUITE|Hootsuite|hootsuite.com|Social media
EVENTBRITE|Eventbrite|eventbrite.com|Events
UDEMY|Udemy|udemy.com|Learning
PLURALSIGHT|Pluralsight|pluralsight.com|Learning
DUOLINGO|Duolingo|duolingo.com|Learning
SPOTIFY|Spotify|spotify.com|Personal
NETFLIX|Netflix|netflix.com|Personal
`
    .trim()
    .split('\n')
    .map(entry),
]

const firstWords = [
  ...[
    'Bright',
    'Cloud',
    'Swift',
    'Clear',
    'Data',
    'Open',
    'Smart',
    'Flow',
    'Pixel',
    'Core',
    'Next',
  ],
  ...['Blue', 'Deep', 'Fast', 'Grid', 'Hyper', 'Insight', 'Kite', 'Loop', 'Meta', 'North', 'Orbit'],
  ...['Prime', 'Quick', 'Rocket', 'Signal', 'Team', 'Ultra', 'Vivid', 'Wave', 'Zen', 'Agile'],
]

const secondWords = [
  ...['Desk', 'Board', 'Sign', 'Sheet', 'Track', 'Hire', 'Pay', 'Mail', 'Docs', 'Chat', 'Flow'],
  ...['Forms', 'Vault', 'Metrics', 'CRM', 'Learn', 'Travel', 'Invoice', 'Survey', 'Space', 'Link'],
  ...['Plan', 'Notes', 'Studio', 'Lab', 'Hub', 'Ops', 'Bot', 'Scan', 'Cast', 'Time', 'Ledger'],
]

const categories = [
  ...[
    'Productivity',
    'Project management',
    'Documents',
    'Finance',
    'Analytics',
    'People',
    'Support',
  ],
  ...['Marketing', 'Communication', 'Surveys', 'Learning', 'Travel', 'Development', 'Automation'],
]

/** The first `count` apps, the most used first; every type once. At most about 1,100. */
export const catalogue = (count: number): readonly CatalogueApp[] => {
  const apps = wellKnown.slice(0, count)
  // Steps that share no factor with the number of pairs reach each pair once, in no visible order.
  const pairs = firstWords.length * secondWords.length
  for (let step = 0; step < pairs && apps.length < count; step++) {
    const pair = (step * 389) % pairs
    const first = firstWords[pair % firstWords.length] as string
    const second = secondWords[Math.floor(pair / firstWords.length)] as string
    if (first === second) continue
    apps.push({
      type: `${first}_${second}`.toUpperCase(),
      name: `${first}${second}`,
      website: `https://www.${first}${second}.example`.toLowerCase(),
      category: categories[step % categories.length] as string,
    })
  }
  return apps
}
