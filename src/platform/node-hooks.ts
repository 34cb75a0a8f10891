import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { HookPort } from '../kernel/ports.ts';
import { isRunning } from './is-running.ts';
import { isOfPidFile } from './pid-file.ts';
import { rewriteFile } from './rewrite-file.ts';

/** Of the output, so much of its end. */
const OUTPUT_LIMIT = 16 * 1024;
/** Who does not end when told to is ended. */
const GRACE = 2000;
const windows = process.platform === 'win32';

/** A command and all that it has started. */
function end(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (windows) spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

export const nodeHooks: HookPort = {
  run(argv, { cwd, shell, input, env, without, timeout, signal }) {
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !without.includes(name)));
    const [program = '', ...args] = shell ? [argv.join(' ')] : argv;
    return new Promise((resolve, reject) => {
      // A group of its own, so that all of it can be ended.
      const child = spawn(program, args, {
        cwd,
        shell,
        env: { ...own, ...env },
        detached: !windows,
        stdio: 'pipe',
        windowsHide: true,
      });
      let output = '';
      let timedOut = false;
      let stopped = false;
      const stop = (): void => {
        stopped = true;
        end(child, 'SIGTERM');
        kill = setTimeout(() => end(child, 'SIGKILL'), GRACE);
      };
      let kill: NodeJS.Timeout | undefined;
      const late = setTimeout(() => {
        timedOut = true;
        stop();
      }, timeout);
      signal?.addEventListener('abort', stop, { once: true });
      const settle = (): void => {
        clearTimeout(late);
        clearTimeout(kill);
        signal?.removeEventListener('abort', stop);
      };
      child.stdin.on('error', () => {}).end(input);
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (said: Buffer) => (output = (output + said.toString('utf8')).slice(-OUTPUT_LIMIT)));
      }
      child.once('error', (error) => {
        settle();
        reject(error);
      });
      // Not `close`: a daemon that it leaves behind may hold its output open for ever.
      child.once('exit', (code) => {
        settle();
        // What it has started may not have ended with it.
        if (stopped) end(child, 'SIGKILL');
        setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
          resolve({ code, timedOut, output });
        }, 20);
      });
    });
  },
  kill(pidFile, signal, programs) {
    const pid = Number(readFileSync(pidFile, 'utf8').trim());
    if (!Number.isInteger(pid) || pid <= 1) return 'the file holds no process id';
    if (!isOfPidFile(pid, pidFile, programs)) return 'ESRCH';
    process.kill(pid, signal as NodeJS.Signals);
    return undefined;
  },
  rewrite: rewriteFile,
  isRunning,
  async request(url, { method, body, timeout, signal }) {
    const limit = AbortSignal.timeout(timeout);
    const headers = { 'content-type': 'application/json' };
    const options = { method, headers, body: method === 'GET' ? null : body, redirect: 'manual' as const };
    const answer = await fetch(url, { ...options, signal: signal ? AbortSignal.any([limit, signal]) : limit });
    await answer.body?.cancel();
    return answer.status;
  },
};
