import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Output } from './clients/run.ts';

/** Folders of the system that programs may write to, and that are the machine's own again at the end. */
const COVERED = ['/etc', '/usr', '/var'];

/** Debian's hooks rebuild Java's store, on two busy cores. */
const PATIENCE = 10 * 60_000;

/**
 * A mount namespace in which the system's folders are covered by layers of their own (overlayfs on a tmpfs): root may
 * change them as it likes, and nothing of it reaches the machine. The network and the rest of the disk are the machine's.
 */
export interface Namespace {
  /** Runs a program in it. */
  run(argv: readonly string[], env?: NodeJS.ProcessEnv): Promise<Output>;
  /** What begins the command line of a program that shall run in it. */
  readonly enter: readonly string[];
  close(): void;
}

/** Why there can be none on this machine; undefined where there can. */
export function namespaceRefused(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'rcssl-may-'));
  const result = spawnSync('unshare', ['-m', '--propagation', 'private', 'sh', '-ec', mounts(folder)]);
  rmSync(folder, { recursive: true, force: true });
  return result.status === 0 ? undefined : `a mount namespace with overlays (${result.stderr ?? result.error})`;
}

function mounts(folder: string): string {
  const layer = join(folder, 'layers');
  const covers = COVERED.map((path) => {
    const [upper, work] = [join(layer, 'upper', path), join(layer, 'work', path)];
    const options = `lowerdir=${path},upperdir=${upper},workdir=${work}`;
    return `mkdir -p ${upper} ${work}; mount -t overlay overlay -o ${options} ${path}`;
  });
  return [`mkdir -p ${layer}; mount -t tmpfs tmpfs ${layer}`, ...covers].join('\n');
}

/** It ends with `close`, and with this process at the latest. */
export async function openNamespace(): Promise<Namespace> {
  const folder = mkdtempSync(join(tmpdir(), 'rcssl-namespace-'));
  mkdirSync(folder, { recursive: true });
  // `cat` waits for the end of its input, which is the end of whoever opened it.
  const script = `${mounts(folder)}\necho ready\nexec cat`;
  const holder = spawn('unshare', ['-m', '--propagation', 'private', 'sh', '-ec', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    holder.once('error', reject);
    holder.once('close', (code) => reject(new Error(`the namespace ended at once: ${code}`)));
    holder.stdout.once('data', () => resolve());
  });
  const enter = ['nsenter', `--mount=/proc/${holder.pid}/ns/mnt`, '--'];
  return {
    enter,
    run([program = '', ...args], env) {
      const [nsenter = '', ...words] = enter;
      return run(nsenter, [...words, program, ...args], env, PATIENCE);
    },
    close() {
      holder.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
