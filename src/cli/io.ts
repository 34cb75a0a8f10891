/** What a command sees of the terminal and the process that it runs in; a test gives its own. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute: what relative paths on the command line are relative to. */
  readonly cwd: string;
  /** Results go to stdout … */
  readonly out: (text: string) => void;
  /** … errors, warnings and questions to stderr. */
  readonly err: (text: string) => void;
  /** Stdout is a terminal that can be drawn on. */
  readonly live: boolean;
  /** Somebody can be asked: stdin and stderr are a terminal, and this is no CI. */
  readonly interactive: boolean;
  /** Columns of stderr where it is a terminal; there long lines are wrapped. */
  readonly errWidth: () => number | undefined;
  /** In columns and rows. */
  readonly width: () => number;
  readonly height: () => number;
  readonly color: { readonly out: boolean; readonly err: boolean };
  /** The locale is UTF-8, so that signs may be more than ASCII. */
  readonly unicode: boolean;
}

type Env = Io['env'];

const DEFAULT_WIDTH = 80;
const DEFAULT_HEIGHT = 24;
/** Below this nothing can be laid out. */
const LEAST_WIDTH = 20;

/** NO_COLOR (no-color.org) and FORCE_COLOR, which wins as in Node itself; else a terminal that is not dumb. */
export function wantsColor(env: Env, terminal: boolean): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR']) return false;
  return terminal && env['TERM'] !== 'dumb';
}

/** POSIX: the first of these three that is set and not empty decides. */
export function speaksUnicode(env: Env, platform: string): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  if (locale) return /utf-?8/i.test(locale);
  // The terminals of both write UTF-8 and set no locale of this kind.
  return platform === 'darwin' || (platform === 'win32' && Boolean(env['WT_SESSION'] || env['TERM_PROGRAM']));
}

/** CI services set `CI`; https://docs.github.com/actions names it, GitLab, CircleCI and others too. */
export function isCi(env: Env): boolean {
  return Boolean(env['CI']) && env['CI'] !== 'false' && env['CI'] !== '0';
}

function columns(env: Env, stream: NodeJS.WriteStream): number {
  const set = Number(env['COLUMNS']);
  // A terminal whose size nobody has set says 0.
  const width = stream.columns || (Number.isInteger(set) && set > 0 ? set : DEFAULT_WIDTH);
  return Math.max(LEAST_WIDTH, width);
}

/** A reader that has seen enough (`rcssl status | head -1`) is no error; a full disk is one. */
function outputFailed(stream: NodeJS.WriteStream, { code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return;
  process.once('exit', () => (process.exitCode ||= 1));
  if (stream !== process.stderr) process.stderr.write(`error: the output cannot be written (${code})\n`);
}

export function processIo(): Io {
  const { env, stdout, stderr } = process;
  // What is wrong with the output must not stop an apply half-way.
  for (const stream of [stdout, stderr]) stream.on('error', (error) => outputFailed(stream, error));
  return {
    env,
    cwd: process.cwd(),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    live: stdout.isTTY === true && env['TERM'] !== 'dumb' && !isCi(env),
    // Asked for late: to look at stdin is to open it.
    get interactive() {
      return stderr.isTTY === true && !isCi(env) && process.stdin.isTTY === true;
    },
    errWidth: () => (stderr.isTTY === true ? columns(env, stderr) : undefined),
    width: () => columns(env, stdout),
    height: () => stdout.rows || DEFAULT_HEIGHT,
    color: { out: wantsColor(env, stdout.isTTY === true), err: wantsColor(env, stderr.isTTY === true) },
    unicode: speaksUnicode(env, process.platform),
  };
}
