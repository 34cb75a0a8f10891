import { ownerName } from '../kernel/ids.ts';
import { formatDuration } from '../kernel/duration.ts';
import type { HookPort } from '../kernel/ports.ts';
import { labelOf } from './owed.ts';
import type { Hook, HookChange, HookOutcome } from '../kernel/hook.ts';

export interface HookContext {
  /** The folder of the configuration: commands run there. */
  readonly root: string;
  /** The configuration, absolute. */
  readonly config: string;
  /** Variables that hold passphrases: no hook has them. */
  readonly secrets: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/** Runs a hook for the changes that it covers. Never throws: what went wrong is its outcome. */
export async function runHook(
  port: HookPort,
  hook: Hook,
  changes: readonly HookChange[],
  { root, config, secrets, signal }: HookContext,
): Promise<HookOutcome> {
  const { does, timeout, runningIf } = hook;
  const hosts = [...new Set(changes.flatMap(({ owner }) => (owner.startsWith('host:') ? ownerName(owner) : [])))];
  const body = JSON.stringify({ formatVersion: 1, root, config, hosts, changes });
  const label = labelOf(hook);
  const idle: HookOutcome = { label, ok: true, why: 'the server does not run', output: '' };
  try {
    if (runningIf !== undefined && !(await anyRuns(port, runningIf))) return idle;
    const { why, output } = await perform();
    return outcome(why, output);
  } catch (error) {
    return outcome(error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error), '');
  }

  function outcome(why: string | undefined, output: string): HookOutcome {
    // The server that left its file behind is gone.
    if (runningIf !== undefined && why === 'ESRCH') return idle;
    return { label, ok: why === undefined, why, output };
  }

  async function perform(): Promise<{ why: string | undefined; output: string }> {
    switch (does.kind) {
      case 'command': {
        const env = { RCSSL_HOSTS: hosts.join('\n'), RCSSL_PATHS: changes.map(({ path }) => path).join('\n') };
        const options = { cwd: root, shell: does.shell, input: body, env, without: secrets, timeout, signal };
        const { code, timedOut, output } = await port.run(does.argv, options);
        if (timedOut) return { why: `timed out after ${formatDuration(timeout)}`, output };
        return { why: code === 0 ? undefined : code === null ? 'ended by a signal' : `exit ${code}`, output };
      }
      case 'signal':
        return { why: port.kill(does.pidFile, does.signal, does.programs ?? []), output: '' };
      case 'rewrite':
        port.rewrite(does.file);
        return { why: undefined, output: '' };
      case 'request': {
        const status = await port.request(does.url, { method: does.method, body, timeout, signal });
        return { why: status >= 200 && status < 300 ? undefined : `HTTP ${status}`, output: '' };
      }
    }
  }
}

async function anyRuns(port: HookPort, files: readonly string[]): Promise<boolean> {
  for (const file of files) if (await port.isRunning(file)) return true;
  return false;
}
