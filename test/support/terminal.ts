/** A command run inside the test's process, with an environment and a folder of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { run } from '../../src/main/program.ts'
import type { Ended, RunOptions } from './product.ts'

export interface CommandOptions extends RunOptions {
  /** When it is asked to stop; at once where absent. */
  readonly stopped?: Promise<void>
  readonly version?: string
}

/** What `pushgraph` with these arguments says, and the exit code it asks for. */
export const runCommand = async (
  args: readonly string[],
  {
    environment = {},
    files = {},
    input = '',
    stopped = Promise.resolve(),
    version = '1.2.3',
  }: CommandOptions = {},
): Promise<Omit<Ended, 'signal'>> => {
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-command-'))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), content)
  }
  const [output, errors] = [new Recorder(), new Recorder()]
  try {
    const exitCode = await run(args, {
      environment,
      directory,
      input: Readable.from([input]),
      output,
      errors,
      isInteractive: false,
      isWatched: false,
      columns: () => 80,
      stopped,
      onReload: () => undefined,
      version,
    })
    return { exitCode, output: output.text, errors: errors.text }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

class Recorder extends Writable {
  text = ''

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}
