import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { bin } from './built.ts';
import { normaliser } from './normalise.ts';
import { changedFiles, type ScratchProject } from './project.ts';

/*
 * A transcript is a comment, what somebody types with what they read, and the files that were there before, in the
 * manner of age's testscripts (https://github.com/rogpeppe/go-internal/tree/master/testscript):
 *
 *     # An apply makes what is missing.
 *
 *     $ rcssl apply
 *     what it writes to stdout
 *     ! what it writes to stderr
 *     [exit 1]
 *
 *     -- rcssl.config.json --
 *     { "hosts": ["app.test"] }
 *
 * Everything but comments, `$` lines and files is output: it is made anew by each run and compared as a whole, so that
 * `npx vitest -u --project e2e transcripts` writes it in place. What no update may change is said by a verb below.
 */

interface Transcript {
  /** Comments and `$` lines, as they are written. */
  readonly lines: readonly string[];
  /** The text of the files, as it is written, and what is in each by its name. */
  readonly tail: string;
  readonly files: ReadonlyMap<string, string>;
}

/** What a process did. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const FILE = /^-- (\S+) --\n/m;
const NOTATION = /^(?:[$#] |! |\[exit |-- \S+ --$)/m;

export function parseTranscript(text: string): Transcript {
  const at = text.search(FILE);
  const [script, tail] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
  const [, ...parts] = tail.split(new RegExp(FILE, 'gm'));
  const names = parts.filter((_, index) => index % 2 === 0);
  return {
    lines: script.split('\n').filter((line) => /^[$#] /.test(line)),
    tail,
    files: new Map(names.map((name, index) => [name, parts[2 * index + 1] ?? ''])),
  };
}

/** The environment of somebody who has never used rcssl: own folders, a plain UTF-8 terminal of 80 columns, no CI. */
export function environment(folder: string): Record<string, string> {
  const base = dirname(folder);
  const home = join(base, 'home');
  mkdirSync(home, { recursive: true });
  const kept = ['PATH', 'PATHEXT', 'SystemRoot', 'COMSPEC', 'TEMP', 'TMP', 'TMPDIR'];
  const inherited = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    // What a program starts as `node` is the Node that runs the tests.
    PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    HOME: home,
    USERPROFILE: home,
    LOCALAPPDATA: join(base, 'data'),
    XDG_DATA_HOME: join(base, 'data'),
    XDG_CACHE_HOME: join(base, 'cache'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    COLUMNS: '80',
  };
}

/** Runs a program to its end, with nothing on stdin. */
export function run(
  [program = '', ...args]: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = [child.stdout, child.stderr].map((stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      return () => Buffer.concat(chunks).toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout: texts[0]?.() ?? '', stderr: texts[1]?.() ?? '' }));
  });
}
