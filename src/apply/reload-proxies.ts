import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Desired, DesiredProxy, Reload } from '../desired/types.ts';
import type { World } from '../kernel/ports.ts';
import type { Plan } from '../plan/types.ts';

const TIMEOUT = 30_000;
const PID_LIMIT = 100;
const FILE_LIMIT = 4 * 1024 * 1024;

/** Tells the servers whose files changed. The files are in place: what fails is told, and undoes nothing. */
export async function reloadProxies(world: World, { root, proxies }: Desired, plan: Plan): Promise<Diagnostic[]> {
  const changed = new Set(plan.proxies.filter(({ changes }) => changes).map(({ id }) => id));
  const failed: Diagnostic[] = [];
  for (const proxy of proxies) {
    if (!proxy.reload || !changed.has(proxy.id)) continue;
    const why = await reload(world, root, proxy.reload);
    if (why !== undefined) failed.push(told(proxy, proxy.reload, why));
  }
  return failed;
}

function told({ name }: DesiredProxy, wanted: Reload, why: string): Diagnostic {
  const command = commandOf(wanted);
  return diagnostic('proxy-reload-failed', { name, why, command });
}

function commandOf(wanted: Reload): string {
  if (wanted.kind === 'command') return wanted.argv.join(' ');
  return wanted.kind === 'rewrite' ? `touch '${wanted.file}'` : `kill -${wanted.signal} "$(cat '${wanted.pidFile}')"`;
}

/** Why it failed; undefined if it did not. A server of its own that does not run will read its files when it starts. */
async function reload(world: World, root: string, wanted: Reload): Promise<string | undefined> {
  if (wanted.kind === 'rewrite') return rewrite(world, wanted.file);
  const argv = wanted.kind === 'command' ? wanted.argv : signalOf(world, wanted);
  if (argv === undefined) return undefined;
  try {
    const { code, stderr } = await world.exec.run(argv, { cwd: root, timeout: TIMEOUT });
    if (code === 0) return undefined;
    const said = stderr
      .toString('utf8')
      .replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
      .trim()
      .slice(0, 300);
    return code === null ? `no end within ${TIMEOUT / 1000} s` : `exit ${code}${said === '' ? '' : `: ${said}`}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? `${argv[0]}: ${String(error.code)}` : String(error);
  }
}

async function rewrite({ files, disk }: World, file: string): Promise<string | undefined> {
  try {
    const [bytes, entry] = [files.read(file, FILE_LIMIT), files.entry(file)];
    if (!bytes || !entry) return undefined;
    const staged = `${file}.rcssl-new`;
    disk.remove(staged);
    await disk.createFile(staged, { bytes, mode: entry.mode ?? 0o644, gid: entry.gid }, false);
    disk.rename(staged, file);
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

function signalOf({ files, process }: World, { signal, pidFile }: Reload & { kind: 'signal' }): string[] | undefined {
  const pid = Number(files.read(pidFile, PID_LIMIT)?.toString('utf8').trim());
  return Number.isInteger(pid) && pid > 1 && process.isAlive(pid) ? ['kill', `-${signal}`, String(pid)] : undefined;
}
