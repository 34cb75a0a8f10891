import type { Source, Tell, Told } from '../../watch/source.ts';

const KEYS: Readonly<Record<string, Told | 'interrupt'>> = {
  r: { kind: 'change', cause: { code: 'asked', for: 'run' } },
  f: { kind: 'change', cause: { code: 'asked', for: 'force' } },
  p: { kind: 'plan' },
  q: { kind: 'quit' },
  '\u0003': 'interrupt', // Ctrl-C: raw, the terminal makes no signal of it
};

/** Shown beside the status line. */
export const KEY_HELP = 'p plan  r run  f force  q quit';

export interface Keys extends Source {
  /** Leaves the terminal to somebody else, such as a question, while it runs. */
  aside<T>(run: () => Promise<T>): Promise<T>;
}

/**
 * The keys of a terminal. Where stdin is none it is not even opened, and its end is no reason to stop; the end of a
 * terminal is one, since whoever sat there is gone.
 */
export function keySource(enabled: boolean): Keys {
  const { stdin } = process;
  let tell: Tell = () => undefined;
  const press = (typed: Buffer): void => {
    for (const key of typed.toString('utf8')) {
      const told = KEYS[key];
      if (told === 'interrupt') process.kill(process.pid, 'SIGINT');
      else if (told) tell(told);
    }
  };
  const gone = (): void => tell({ kind: 'quit' });
  const open = (): void => {
    stdin.setRawMode(true);
    stdin.on('data', press).on('end', gone).on('error', gone);
    stdin.resume();
  };
  const close = (): void => {
    stdin.off('data', press).off('end', gone).off('error', gone);
    stdin.setRawMode(false);
    stdin.pause();
  };
  return {
    start(to) {
      tell = to;
      if (enabled) open();
    },
    stop() {
      if (enabled) close();
    },
    async aside(run) {
      if (!enabled) return run();
      close();
      try {
        return await run();
      } finally {
        open();
      }
    },
  };
}

/** SIGHUP reloads, as with any daemon; a reader of stdout that is gone ends it. */
export function processSource(): Source {
  let hangup = (): void => undefined;
  let unread = (_: NodeJS.ErrnoException): void => undefined;
  return {
    start(tell) {
      hangup = () => tell({ kind: 'change', cause: { code: 'asked', for: 'reload' } });
      unread = ({ code }) => {
        if (code === 'EPIPE' || code === 'EIO') tell({ kind: 'quit' });
      };
      process.on('SIGHUP', hangup);
      process.stdout.on('error', unread);
    },
    stop() {
      process.off('SIGHUP', hangup);
      process.stdout.off('error', unread);
    },
  };
}
