import type { AloneOptions, ProjectOptions, SelectOptions } from '../engine/types.ts';
import { fail, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { World } from '../kernel/ports.ts';
import type { SecretRef } from '../kernel/secret-ref.ts';
import { createWorld } from '../platform/world.ts';
import { formatDiagnostics } from '../report/diagnostics.ts';
import { recoveryNotes } from '../report/recovery.ts';
import { ansi, plain, type View } from '../report/view.ts';
import { shellWord } from '../report/words.ts';
import type { FlagValues } from './flags.ts';
import type { Io } from './io.ts';

/** What a command gets: its command line, the terminal, and a signal that aborts when the user wants it to stop. */
export interface Call {
  readonly flags: FlagValues;
  readonly args: readonly string[];
  readonly io: Io;
  readonly signal: AbortSignal;
  /** Where the user stands: `--cwd`, or the working directory. Absolute. */
  readonly cwd: string;
}

/** This machine, with somebody to ask where somebody is. */
export function worldOf({ io, signal }: Pick<Call, 'io' | 'signal'>): World {
  // Loaded only when it asks: most runs do not.
  const prompt = async (what: string, fresh: boolean) =>
    (await import('../platform/terminal.ts')).promptSecret(what, fresh, signal);
  return createWorld({ env: io.env, canAsk: () => io.interactive, prompt });
}

/** What the engine needs to find the project. */
export function projectOf({ flags, cwd, signal }: Call): ProjectOptions {
  return { cwd, signal, ...(flags.config !== undefined && { config: flags.config }) };
}

/** `--passphrase-env`, `--passphrase-file`, or somebody at the terminal. */
export function passphraseOf({ flags }: Pick<Call, 'flags'>): SecretRef {
  const { 'passphrase-env': env, 'passphrase-file': file } = flags;
  if (env !== undefined && file !== undefined) {
    fail('cli-flags-exclude', { one: '--passphrase-env', other: '--passphrase-file' });
  }
  if (env !== undefined) return { env };
  return file === undefined ? { prompt: true } : { file };
}

/** `--only`, `--force`, `--adopt` and `--prune`. */
export function selectionOf(call: Call): SelectOptions {
  const { only, force, adopt, prune } = call.flags;
  return {
    ...projectOf(call),
    ...(only && { only }),
    ...(force && { force }),
    ...(adopt && { adopt }),
    ...(prune && { prune }),
  };
}

export function viewOf({ flags, io }: Call): View {
  const { cwd, config, only, force, adopt, prune } = flags;
  const list = (flag: string, values: readonly string[] = []): string =>
    values.length > 0 ? ` ${flag} ${values.map(shellWord).join(' ')}` : '';
  const project = `${cwd ? ` --cwd ${shellWord(cwd)}` : ''}${config ? ` --config ${shellWord(config)}` : ''}`;
  return {
    width: io.width(),
    paint: io.color.out ? ansi : plain,
    unicode: io.unicode,
    verbose: flags.verbose === true,
    command: io.env['npm_command'] === 'exec' ? 'npx rcssl' : 'rcssl',
    project,
    selection: `${list('--only', only)}${list('--force', force)}${list('--adopt', adopt)}${prune ? ' --prune' : ''}`,
  };
}

/**
 * A result: warnings to stderr and text to stdout, or one JSON object that holds both, or nothing. The code of the form
 * that is not wanted need not be loaded, hence the promises.
 */
export async function present(
  call: Call,
  result: {
    readonly text: () => string | Promise<string>;
    readonly json: () => object | Promise<object>;
    readonly diagnostics: readonly Diagnostic[];
  },
): Promise<void> {
  const { io, flags } = call;
  if (flags.json) io.out(`${JSON.stringify(await result.json(), null, 2)}\n`);
  else {
    warn(call, result.diagnostics);
    if (!flags.quiet) io.out(await result.text());
  }
}

/** Diagnostics to stderr; with `--quiet` the errors alone. */
export function warn({ flags, io, cwd }: Pick<Call, 'flags' | 'io' | 'cwd'>, diagnostics: readonly Diagnostic[]): void {
  const shown = flags.quiet ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics;
  if (shown.length > 0)
    io.err(formatDiagnostics(shown, { root: cwd, paint: io.color.err ? ansi : plain, width: io.errWidth() }));
}

/** A line for somebody who waits for seconds of arithmetic; nothing where nobody looks. */
export function tellWait({ flags, io }: Call, text: string): void {
  if (io.errWidth() !== undefined && !flags.quiet && !flags.json) io.err(`${text}\n`);
}

/** How to wait for another process, and what is said of it and of an apply that had been interrupted. */
export function aloneOf(call: Call): AloneOptions {
  const { flags, io } = call;
  return {
    onRecovered: (recovered) => {
      if (!flags.json && !flags.quiet) warn(call, recoveryNotes(recovered));
    },
    onWait: (pid, { host, path }) => {
      if (!flags.quiet) io.err(`waiting for process ${pid} on ${host}, which holds ${path}\n`);
    },
    noWait: flags['no-wait'] ?? false,
  };
}
