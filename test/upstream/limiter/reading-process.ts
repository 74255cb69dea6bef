/** A process of its own that reads pages: `node reading-process.ts URL KEY STATE-FILE REQUESTS`. Prints how many came. */
import { systemClock } from '../../../src/model/clock.ts'
import { createClient } from '../../../src/upstream/client.ts'
import { openState } from '../../../src/upstream/state/state.ts'

const [url = '', key = '', path = '', requests = ''] = process.argv.slice(2)
const state = openState(path)
const client = createClient({
  alias: 'default',
  url,
  key: () => key,
  rate: 10,
  burst: 10,
  state,
  clock: systemClock,
})
// The machine's clock does not keep a process alive by itself.
const alive = setInterval(() => undefined, 1000)
const pages = await Promise.all(
  Array.from({ length: Number(requests) }, (_, n) =>
    client.page(
      'apps',
      { limit: 1, offset: n },
      { owner: String(n % 3), priority: 'interactive', deadline: Date.now() + 50_000 },
    ),
  ),
)
clearInterval(alive)
console.log(pages.length)
await client.close()
state.close()
