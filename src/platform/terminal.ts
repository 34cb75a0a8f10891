import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { fail } from '../diagnostics/diagnostic.ts';
import { Secret } from '../kernel/secret.ts';

/** Questions to whoever sits at the terminal, on stderr, so that stdout stays what programs read. */

/** Yes only for a `y` or `yes`; the end of the input is a no. Rejects with the reason of `signal`. */
export async function confirm(question: string, signal?: AbortSignal): Promise<boolean> {
  const answer = await ask(`${question} [y/N] `, process.stderr, signal);
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}

/** Reads a passphrase without echo; one that is new is asked for twice. Throws `secret-mismatch`. */
export async function promptSecret(what: string, fresh: boolean, signal?: AbortSignal): Promise<Secret> {
  const first = await hidden(`${fresh ? 'new passphrase' : 'passphrase'} of ${what}: `, signal);
  if (fresh && (await hidden('the same again: ', signal)) !== first) fail('secret-mismatch', { what });
  return new Secret(first);
}

async function hidden(question: string, signal: AbortSignal | undefined): Promise<string> {
  process.stderr.write(question);
  // readline echoes what is typed to its output: this one swallows it.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return (await ask('', nowhere, signal)) ?? '';
  } finally {
    process.stderr.write('\n');
  }
}

/** A line; undefined at the end of the input. Ctrl-C is the process's own SIGINT, also while the terminal is raw. */
async function ask(
  question: string,
  output: NodeJS.WritableStream,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const lines = createInterface({
    input: process.stdin,
    output,
    terminal: process.stdin.isTTY === true,
    historySize: 0,
  });
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  try {
    return await Promise.race([lines.question(question, signal ? { signal } : {}), closed]);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    lines.close();
  }
}
