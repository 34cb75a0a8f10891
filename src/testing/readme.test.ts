import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { COMMAND_NAMES } from '../cli/commands.ts';
import { parseCommandLine } from '../cli/parse.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const transcripts = join(root, 'fixtures/transcripts');
const played = readdirSync(transcripts).map((name) =>
  readFileSync(join(transcripts, name), 'utf8').replaceAll(/^! /gm, ''),
);

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text);
}

/** The screens of the README, as transcripts spell what differs from run to run. */
const screens = blocks('console')
  .join('\n')
  .replaceAll(/in [\d.]+ m?s\./g, 'in TIME.')
  .replaceAll('~/.local/share', '$DATA')
  .split(/^\$ /m)
  .filter((screen) => screen.trim() !== '');

it.each(screens.map((screen) => [screen.split('\n')[0], screen.slice(screen.indexOf('\n') + 1).trimEnd()] as const))(
  'the README shows rcssl as it is: %s',
  (line, shown) => {
    expect(parseCommandLine((line ?? '').split(' ').slice(1)).name).toBeDefined();
    expect(shown.split('\n').length).toBeGreaterThan(0);
    expect(played.some((transcript) => transcript.includes(shown))).toBe(true);
  },
);

it('the README names every command and no file that is not there', () => {
  for (const name of COMMAND_NAMES) expect(readme).toContain(`| \`rcssl ${name}`);
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path);
  expect(links.length).toBeGreaterThan(5);
  for (const path of links) expect(() => readFileSync(join(root, path)), path).not.toThrow();
});
