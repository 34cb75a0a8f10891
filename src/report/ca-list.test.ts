import { describe, expect, it } from 'vitest';
import type { CaListResult, RootEntry } from '../engine/ca/types.ts';
import { caListText } from './ca-list.ts';
import { plain, type View } from './view.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const HOSTS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `host:${name}.test` as const);

const root = (more: Partial<RootEntry> = {}): RootEntry => ({
  state: 'live',
  name: 'Rocket.Chat Development Root',
  subject: [],
  keyKind: 'ecdsa-p256',
  notBefore: NOW,
  notAfter: NOW + 1e10,
  fingerprint: 'ab'.repeat(32),
  path: '/home/somebody/.local/share/rcssl/roots/rocket-chat-1f3a9c02/root.crt',
  key: 'live',
  hosts: HOSTS,
  ...more,
});

const result = (...roots: RootEntry[]): CaListResult => ({
  config: '/p/rcssl.config.ts',
  root: '/p',
  diagnostics: [],
  now: NOW,
  name: "Root's",
  shared: true,
  roots,
});

const view = (more: Partial<View> = {}): View => ({
  width: 80,
  paint: plain,
  unicode: true,
  verbose: false,
  command: 'rcssl',
  project: '',
  selection: '',
  ...more,
});

const ARCHIVED = root({
  state: 'archived',
  path: '/home/somebody/archive/2026-11-23-3fa19c',
  key: 'missing',
  hosts: [],
});

describe('the screen of ca list', () => {
  it.each([80, 40])('stays within %i columns, all but the command to type', (width) => {
    const text = caListText(result(root(), ARCHIVED), view({ width }));
    const [list = ''] = text.split('\nnext: ');
    expect(list.split('\n').filter((line) => line.length > width)).toEqual([]);
  });

  it('names five hosts and counts the rest, but all with --verbose', () => {
    expect(caListText(result(root()), view())).toContain('by a.test, b.test, c.test, d.test, e.test and 2 other hosts');
    const verbose = caListText(result(root()), view({ verbose: true })).replaceAll(/\s+/g, ' ');
    expect(verbose).toContain('f.test and g.test');
    expect(verbose).toContain('AB:AB:AB');
    expect(verbose).toContain(root().path);
  });

  it.each([
    [root(), 'there\n'],
    [root({ state: 'archived' }), 'there: the live root has the same, and a later certificate\n'],
    [root({ key: 'archived' }), 'in the archive\n'],
    [root({ key: 'encrypted' }), 'encrypted; its passphrase was not asked for\n'],
    [ARCHIVED, 'not here\n'],
  ])('says where a key is %#', (entry, words) => {
    expect(caListText(result(entry), view())).toContain(`  key      ${words}`);
  });

  it('ends with a backup that can be typed, or with the apply that makes the root', () => {
    expect(caListText(result(root()), view({ project: ' --config a.json' }))).toMatch(
      /\n\nnext: rcssl ca backup root-s-25-nov-2026\.age --config a\.json\n$/,
    );
    expect(caListText(result(), view())).toBe("no root Root's yet\n\nnext: rcssl apply\n");
  });
});
