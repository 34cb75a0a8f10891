import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '../namespace.ts';
import type { Guarded } from './server.ts';

/** What real programs make of a server, with the roots that this computer has and no others. */

const GET = fileURLToPath(new URL('../../../fixtures/clients/Get.java', import.meta.url));
const PYTHON = 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=30).read()';
const NODE = 'fetch(process.argv[1]).then((r) => r.text()).catch((e) => { console.error(e.cause); process.exit(1); })';
const BROWSER = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const QUIET = ['--disable-component-update', '--disable-sync', '--no-proxy-server', '--dump-dom'];
/** A browser on two busy cores. */
const PATIENCE = 180_000;

/** A command line that asks for a URL; the programs that end by themselves. */
export const COMMAND_LINES = {
  curl: (url) => ['curl', '--disable', '--silent', '--show-error', '--max-time', '30', url],
  wget: (url) => ['wget', '--no-config', '-q', '-O', '-', '--tries=1', '--timeout=30', url],
  git: (url) => ['git', 'ls-remote', url],
  // Debian's own, which asks Debian's OpenSSL.
  python: (url) => ['/usr/bin/python3', '-c', PYTHON, url],
  node: (url) => ['env', 'NODE_USE_SYSTEM_CA=1', process.execPath, '-e', NODE, url],
  java: (url) => ['java', '-XX:TieredStopAtLevel=1', GET, url],
  chromium: (url) => ['chromium', ...BROWSER, ...QUIET, url],
} as const satisfies Record<string, (url: string) => readonly string[]>;

export type CommandLine = keyof typeof COMMAND_LINES;

export interface Visitor {
  readonly namespace: Namespace;
  readonly env: NodeJS.ProcessEnv;
  readonly server: Guarded;
}

let visits = 0;

/** Whether a program accepts the server: its request came through. */
export async function accepts({ namespace, env, server }: Visitor, name: CommandLine): Promise<boolean> {
  const path = `/${name}-${++visits}/`;
  await namespace.run(COMMAND_LINES[name](`https://localhost:${server.port}${path}`), env);
  return server.hasSeen(path);
}

/** Firefox goes on for ever: it is stopped once it has asked or hung up. */
export async function firefoxAccepts({ namespace, env, server }: Visitor, profile: string): Promise<boolean> {
  const path = `/firefox-${++visits}/`;
  const verdict = server.next(path);
  const args = ['firefox-esr', '--headless', '--no-remote', '--profile', profile];
  const [nsenter = '', ...enter] = namespace.enter;
  const child = spawn(nsenter, [...enter, ...args, `https://localhost:${server.port}${path}`], {
    env,
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const late = AbortSignal.timeout(PATIENCE);
  const tooLate = new Promise<never>((_, reject) => {
    late.addEventListener('abort', () => reject(new Error('Firefox said nothing')));
  });
  try {
    return (await Promise.race([verdict, tooLate])) === 'accepted';
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}
