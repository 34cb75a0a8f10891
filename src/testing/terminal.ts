import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { bin } from './built.ts';

export interface Terminal {
  /** Wipes the screen and what has scrolled off it. */
  clear(): void;
  /** Types a line, or with `keys` what tmux(1) calls keys: `C-c`. */
  type(line: string, keys?: boolean): void;
  /** The screen with what has scrolled off it, once it matches; fails with the screen after a while. Blanks at the ends of lines are not there. */
  screen(until: RegExp): Promise<string>;
}

const PATIENCE = 20_000;
let count = 0;

/** A shell in tmux, in which `rcssl` is the built command: what a person sees. */
export function openTerminal(
  folder: string,
  env: Readonly<Record<string, string>>,
  size: { readonly columns: number; readonly rows: number } = { columns: 80, rows: 40 },
): Terminal {
  count += 1;
  const socket = `rcssl-${process.pid}-${count}`;
  const tmux = (...args: string[]): string => execFileSync('tmux', ['-u', '-L', socket, ...args], { encoding: 'utf8' });
  const settings = { ...env, LANG: 'C.UTF-8', TERM: 'screen-256color', PS1: '$ ', HISTFILE: '/dev/null' };
  const words = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  const shell = `env -u CI -u npm_command ${words.join(' ')} bash --norc --noprofile`;
  tmux('new-session', '-d', '-x', `${size.columns}`, '-y', `${size.rows}`, '-c', folder, shell);
  onTestFinished(() => void tmux('kill-server'));
  const type = (line: string, keys = false): void => {
    if (keys) tmux('send-keys', line);
    else {
      tmux('send-keys', '-l', line);
      tmux('send-keys', 'Enter');
    }
  };
  const clear = (): void => {
    tmux('send-keys', '-R');
    tmux('clear-history');
  };
  type(`rcssl() { '${process.execPath}' '${bin}' "$@"; }`);
  return {
    type,
    clear,
    async screen(until) {
      for (let waited = 0; ; waited += 50) {
        const shown = tmux('capture-pane', '-p', '-S', '-').trimEnd();
        if (until.test(shown)) return shown;
        if (waited > PATIENCE) throw new Error(`${until} is not on the screen:\n${shown}`);
        await sleep(50);
      }
    },
  };
}

/** Types a command and its answers, and gives the screen once it has ended. `C-c` is the key. */
export async function runIn(
  shell: Terminal,
  command: string,
  ...answers: readonly (readonly [RegExp, string])[]
): Promise<string> {
  shell.clear();
  shell.type(`${command}; echo "ended $?"`);
  for (const [question, answer] of answers) {
    await shell.screen(question);
    shell.type(answer, answer === 'C-c');
  }
  return shell.screen(/^ended \d+$/m);
}
