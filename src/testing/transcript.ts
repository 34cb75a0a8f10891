import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { bin } from './built.ts';
import { changedFiles } from './project.ts';

/*
 * A transcript is what somebody types in a scratch project with what they read, in the manner of age's testscripts
 * (https://github.com/rogpeppe/go-internal/tree/master/testscript), and the files that are there at first:
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
 * All but comments, `$` lines and files is output: a run gives it anew, and the text is compared as a whole, so that
 * `npx vitest run -u --project e2e transcripts` writes it in place. What no update may change is claimed by a verb.
 */

interface Transcript {
  /** Comments and `$` lines. */
  readonly lines: readonly string[];
  /** What is in each file, by its name … */
  readonly files: ReadonlyMap<string, string>;
  /** … and the text of them all, as it is written. */
  readonly tail: string;
}

function parseTranscript(text: string): Transcript {
  const at = text.search(/^-- \S+ --$/m);
  const [script, tail] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
  const [, ...parts] = tail.split(/^-- (\S+) --\n/gm);
  const lines = script.split('\n').filter((line) => /^[$#] /.test(line));
  const files = parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? ''] as const] : []));
  return { lines, files: new Map(files), tail };
}

/** The state of a transcript that is being played. */
interface Session {
  /** Holds the folders `project`, `home`, `data` and `cache`, absolute. */
  readonly base: string;
  /** The folder of the next command, relative to the project. */
  folder: string;
  /** What time it is for the next command, in UTC; it stands still. */
  clock: string;
  /** The files before the last `rcssl`. */
  before: Map<string, string>;
}

/** Plays a transcript in a scratch project and gives its text with what was really written. */
export async function playTranscript(text: string): Promise<string> {
  const { lines, files, tail } = parseTranscript(text);
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'rcssl-transcript-')));
  try {
    const session: Session = { base, folder: '.', clock: '2026-11-25 12:00:00', before: new Map() };
    // The search for a configuration ends at a repository.
    mkdirSync(inProject(session, '.git'), { recursive: true });
    for (const [name, content] of files) {
      mkdirSync(dirname(inProject(session, name)), { recursive: true });
      writeFileSync(inProject(session, name), content);
    }
    const normalise = normaliser(base);
    const played: [line: string, output: string][] = [];
    for (const line of lines) {
      const output = line.startsWith('$') ? await step(session, line.slice(2)) : '';
      played.push([line, normalise(output)]);
    }
    return `${layOut(played)}\n${tail}`;
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

/** With an empty line after each output, and before and after the comments that begin something. */
function layOut(played: readonly (readonly [line: string, output: string])[]): string {
  const kinds = played.map(([line]) => line.charAt(0));
  const first = kinds.indexOf('$');
  const texts = played.map(([line, output], index) => {
    const isApart = index === first || (index > first && kinds[index] === '#' && kinds[index - 1] === '$');
    const hasGap = index > 0 && played[index - 1]?.[1] !== '';
    return `${isApart && !hasGap ? '\n' : ''}${line}\n${output === '' ? '' : `${output}\n`}`;
  });
  return `${texts.join('').trimEnd()}\n`;
}

/** What a `$` line may say beside `rcssl`; each gives what it prints. Paths are relative to the project. */
const VERBS: Record<string, (session: Session, ...words: string[]) => string | void> = {
  /** `clock 2027-01-31 12:00:00` */
  clock: (session, day, time) => void (session.clock = `${day} ${time}`),
  cd: (session, folder = '.') => void (session.folder = folder),
  cp: (session, from = '', to = '') => copyFileSync(inProject(session, from), inProject(session, to)),
  rm: (session, ...names) => names.forEach((name) => rmSync(inProject(session, name), { recursive: true })),
  chmod: (session, mode = '', name = '') => chmodSync(inProject(session, name), Number.parseInt(mode, 8)),
  ls: (session, folder = '.') => eachOnALine(readdirSync(inProject(session, folder)).sort()),
  /** Prints which files the last `rcssl` wrote or removed. */
  changed: (session) => eachOnALine(changes(session)),
  /** Claims that the last `rcssl` left these files alone; every file, where none is named. */
  unchanged: (session, ...names) => none(changes(session).filter((name) => names.length === 0 || names.includes(name))),
  exists: (session, ...names) => none(names.filter((name) => !existsSync(inProject(session, name)))),
  absent: (session, ...names) => none(names.filter((name) => existsSync(inProject(session, name)))),
};

const eachOnALine = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

function none(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new Error(`not so: ${wrong.join(', ')}`);
}

function inProject({ base }: Pick<Session, 'base'>, name: string): string {
  return join(base, 'project', name);
}

async function step(session: Session, line: string): Promise<string> {
  const words = Array.from(line.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? '');
  const at = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const [verb = '', ...rest] = words.slice(at);
  try {
    if (verb === 'rcssl') return await rcssl(session, rest, words.slice(0, at));
    const act = VERBS[verb];
    if (!act) throw new Error(`${verb} is no verb of a transcript`);
    return act(session, ...rest) ?? '';
  } catch (error) {
    throw new Error(`$ ${line}`, { cause: error });
  }
}

async function rcssl(session: Session, args: readonly string[], assigned: readonly string[]): Promise<string> {
  session.before = snapshot(session.base);
  const { code, stdout, stderr } = await run(['faketime', '-f', session.clock, process.execPath, bin, ...args], {
    cwd: inProject(session, session.folder),
    env: {
      ...environment(inProject(session, '.')),
      // Timers go on while the date stands still, and files have the dates that they really have.
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
      ...Object.fromEntries(assigned.map((word) => word.split(/=(.*)/s, 2))),
    },
  });
  const isCut = [stdout, stderr].some((text) => text !== '' && !text.endsWith('\n'));
  const output = [
    stdout,
    stderr.replace(/^(.*)\n/gm, (_, line: string) => `!${line === '' ? '' : ` ${line}`}\n`),
    isCut ? '\n[no newline]\n' : '',
    code === 0 ? '' : `[exit ${code}]\n`,
  ].join('');
  if (/^(?:[$#] |-- \S+ --$)/m.test(output)) throw new Error(`this would be read as notation:\n${output}`);
  return output;
}

/** Which files the last command changed; those of the project relative to it. The compile cache is no concern. */
function changes({ base, before }: Session): string[] {
  return changedFiles(before, snapshot(base))
    .filter((name) => !name.startsWith('cache/'))
    .map((name) => name.replace(/^project\//, '').replace(/^(?=data|home)/, `${base}/`));
}

/** Every file below a folder, with what changes when it is written, even with the same bytes, or given another mode. */
function snapshot(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  const facts = (path: string): string => `${statSync(path).ino} ${statSync(path).ctimeMs}`;
  return new Map(paths.map((path) => [relative(folder, path), facts(path)]));
}

/** What differs from run to run, and what stands for it. */
const RULES = {
  took: [/\bin \d+(?:\.\d)? m?s\b/g, 'in TIME'],
  tookMs: [/("tookMs": )\d+/g, '$1"TIME"'],
  // Named by its content, after the day.
  archive: [/(\d{4}-\d\d-\d\d)-[0-9a-f]{6}\b/g, '$1-ID'],
  escape: [/\u001B/g, '␛'],
} as const satisfies Record<string, readonly [pattern: RegExp, by: string]>;

/** Bytes in hex: short (`3F:A1:…:9C`) or whole, with colons or, in JSON, without. Escapes of colours end in letters. */
const FINGERPRINT =
  /(?<![\dA-F:])(?:[\dA-F]{2}:){2}(?:…|\.\.|(?:[\dA-F]{2}:){28}[\dA-F]{2}):[\dA-F]{2}(?![\dA-F:])|"[\da-f]{64}"/g;

/** Fingerprints are numbered as they turn up, and keep their shape: the second is `02:02:…:02`. */
function normaliser(base: string): (text: string) => string {
  const seen: string[] = [];
  const numbered = (text: string): string => {
    const bytes = text.toUpperCase().match(/[0-9A-F]{2}/g) ?? [];
    const id = [bytes[0], bytes[1], bytes.at(-1)].join();
    if (!seen.includes(id)) seen.push(id);
    return text.replace(/[0-9A-Fa-f]{2}/g, String(seen.indexOf(id) + 1).padStart(2, '0'));
  };
  return (text) => {
    let normal = text.replace(FINGERPRINT, numbered);
    for (const place of ['project', 'data', 'home']) {
      normal = normal.replaceAll(join(base, place), `$${place.toUpperCase()}`);
    }
    for (const [pattern, by] of Object.values(RULES)) normal = normal.replace(pattern, by);
    return normal;
  };
}

/** What a process said before its end. */
export interface Ran {
  /** Undefined where a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, with nothing on stdin; stops it after `timeout` milliseconds. faketime(1) calls its
 * semaphore and its memory after its process id, and those of one that was killed are left behind: it is then tried
 * again, under another id.
 */
export async function run(...words: Parameters<typeof runOnce>): Promise<Ran> {
  for (let tries = 1; ; tries += 1) {
    const ran = await runOnce(...words);
    if (tries === 50 || !/^faketime: (?:sem|shm)_open/.test(ran.stderr)) return ran;
  }
}

function runOnce(
  [program = '', ...args]: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly timeout?: number },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? undefined, ...said }));
  });
}

const INHERITED = ['PATH', 'PATHEXT', 'SystemRoot', 'COMSPEC', 'TEMP', 'TMP', 'TMPDIR'];

/** The environment of somebody new to rcssl: folders of their own beside the project, 80 columns of UTF-8, no CI. */
export function environment(folder: string): Record<string, string> {
  const base = dirname(folder);
  const home = join(base, 'home');
  mkdirSync(home, { recursive: true });
  const { env } = process;
  return {
    ...Object.fromEntries(INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
    // A `node` that is looked for is the one that runs the tests.
    PATH: [dirname(process.execPath), env['PATH'] ?? ''].join(delimiter),
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
