import { describe, expect, it } from 'vitest';
import { isCi, speaksUnicode, wantsColor, type Io } from './io.ts';

type Env = Io['env'];

describe('wantsColor', () => {
  it.each<[Env, terminal: boolean, wanted: boolean]>([
    [{}, true, true],
    [{}, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ TERM: 'xterm-256color' }, false, false],
    [{ NO_COLOR: '1' }, true, false],
    // no-color.org: "when present and not an empty string".
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '' }, false, true],
    [{ FORCE_COLOR: '3', TERM: 'dumb' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: 'false' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  ])('%o, terminal: %s', (env, terminal, wanted) => {
    expect(wantsColor(env, terminal)).toBe(wanted);
  });
});

describe('speaksUnicode', () => {
  it.each<[Env, platform: string, wanted: boolean]>([
    [{ LANG: 'en_GB.UTF-8' }, 'linux', true],
    [{ LANG: 'de_DE.utf8' }, 'linux', true],
    [{ LANG: 'C.UTF-8' }, 'linux', true],
    [{ LANG: 'C' }, 'linux', false],
    [{ LANG: 'de_DE@euro' }, 'linux', false],
    [{}, 'linux', false],
    [{ LC_ALL: 'C', LANG: 'en_GB.UTF-8' }, 'linux', false],
    [{ LC_ALL: '', LANG: 'en_GB.UTF-8' }, 'linux', true],
    [{ LC_CTYPE: 'UTF-8', LANG: 'C' }, 'linux', true],
    [{ LC_ALL: 'en_GB.UTF-8', LC_CTYPE: 'C' }, 'linux', true],
    [{}, 'darwin', true],
    [{ LC_ALL: 'C' }, 'darwin', false],
    [{}, 'win32', false],
    [{ WT_SESSION: '1' }, 'win32', true],
    [{ TERM_PROGRAM: 'vscode' }, 'win32', true],
    [{ TERM_PROGRAM: 'tmux' }, 'linux', false],
  ])('%o on %s', (env, platform, wanted) => {
    expect(speaksUnicode(env, platform)).toBe(wanted);
  });
});

describe('isCi', () => {
  it.each<[Env, wanted: boolean]>([
    [{ CI: 'true' }, true],
    [{ CI: '1' }, true],
    [{ CI: 'woodpecker' }, true],
    [{ CI: 'false' }, false],
    [{ CI: '0' }, false],
    [{ CI: '' }, false],
    [{}, false],
  ])('%o', (env, wanted) => {
    expect(isCi(env)).toBe(wanted);
  });
});
