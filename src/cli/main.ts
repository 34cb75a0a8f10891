import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { diagnostic, fail, RcsslError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { diagnosticsSummary, failureJson } from '../report/diagnostics.ts';
import { warn, type Call } from './call.ts';
import { commandNamed } from './commands.ts';
import type { FlagValues } from './flags.ts';
import { processIo, type Io } from './io.ts';
import { parseCommandLine, type Parsed } from './parse.ts';
import { interruptible, Interrupted, SIGNALS, type SignalName } from './signals.ts';

/**
 *     argv → parsed → command (imported now) → exit code
 *
 * 0 fine, 1 error, 2 changes pending where asked, 128+n on a signal. Everything thrown becomes words here.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let parsed: Parsed;
  try {
    parsed = parseCommandLine(argv);
  } catch (error) {
    // The flags are what could not be read, so that the wish for JSON is taken from the words.
    return failed(error, { name: undefined, flags: argv.includes('--json') ? { json: true } : {}, args: [] }, io);
  }
  try {
    if (parsed.flags.version) return await showVersion(io);
    if (parsed.flags.help) return await showHelp(parsed.name, io);
    if (parsed.name === undefined) {
      // `rcssl --config check` in a script has lost its command, and must not pass for a check.
      if (argv.length > 0) fail('cli-no-command', { group: undefined });
      return await showHelp(undefined, io);
    }
    return await runCommand(parsed, io);
  } catch (error) {
    return failed(error, parsed, io);
  }
}

async function runCommand({ name = '', flags, args }: Parsed, io: Io): Promise<number> {
  const run = await commandNamed(name)?.load();
  if (!run) return fail('cli-unknown-command', { command: name, near: undefined });
  const cwd = resolve(io.cwd, flags.cwd ?? '.');
  if (flags.cwd !== undefined && !statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    fail('cli-no-folder', { path: flags.cwd });
  }
  return interruptible((signal) => run({ flags, args, io, signal, cwd } satisfies Call), ownSignals(name, flags));
}

/** Signals that are no wish to stop: a watch reads all anew, and what `exec` runs gets them itself. */
function ownSignals(name: string, flags: FlagValues): readonly SignalName[] {
  if (name === 'exec') return SIGNALS;
  return name === 'watch' || flags.watch || flags.poll ? ['SIGHUP'] : [];
}

async function showHelp(name: string | undefined, io: Io): Promise<number> {
  const { commandHelp, globalHelp } = await import('./help.ts');
  io.out(name === undefined ? globalHelp(io.width()) : commandHelp(name, io.width()));
  return 0;
}

async function showVersion(io: Io): Promise<number> {
  const { version } = await import('./version.ts');
  io.out(`${version}\n`);
  return 0;
}

function failed(error: unknown, { name, flags }: Parsed, io: Io): number {
  if (error instanceof Interrupted) {
    // What throws it has not begun to write; a run that had is carried through, but for the commands that enrol runs.
    if (!flags.quiet) io.err(name === 'enrol' ? 'stopped\n' : 'stopped; nothing was written\n');
    return error.exitCode;
  }
  const diagnostics = error instanceof RcsslError ? error.diagnostics : [unexpected(error)];
  const cwd = resolve(io.cwd, flags.cwd ?? '.');
  if (flags.json) {
    io.out(`${JSON.stringify(failureJson(name ?? null, diagnostics, cwd), null, 2)}\n`);
  } else {
    warn({ flags, io, cwd }, diagnostics);
    const written = diagnostics.some(({ code }) => code === 'apply-incomplete' || code === 'write-unfinished');
    const summary = `${diagnosticsSummary(diagnostics)}${written ? '' : '; nothing was written'}`;
    if (!flags.quiet && diagnostics.length > 1) io.err(`\n${summary}\n`);
  }
  if (flags.verbose && !(error instanceof RcsslError) && error instanceof Error) io.err(`${error.stack}\n`);
  return 1;
}

function unexpected(error: unknown): Diagnostic {
  const message = error instanceof Error ? error.message : String(error);
  return diagnostic('cli-unexpected', { message: message.split('\n')[0] ?? '' });
}
