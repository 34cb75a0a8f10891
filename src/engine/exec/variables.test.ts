import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TRUST_VARIABLES } from './variables.ts';

it('docs/exec.md has the table of the variables: vitest -u writes it', async () => {
  const rows = Object.entries(TRUST_VARIABLES).map(([name, { readBy, kind, isTried }]) => [
    `\`${name}\``,
    readBy,
    kind === 'adds' ? 'the root' : "the system's roots and the root",
    isTried ? 'yes' : 'no',
  ]);
  const head = ['variable', 'read by', 'its file', 'tried'];
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const file = new URL('../../../docs/exec.md', import.meta.url).pathname;
  const from = '<!-- Made from src/engine/exec/variables.ts; a test holds it against that. -->\n\n';
  const [before = '', rest = ''] = readFileSync(file, 'utf8').split(from);
  await expect(`${before}${from}${table}\n\n${rest.replace(/^(?:\|.*\n)*\n*/, '')}`).toMatchFileSnapshot(file);
});
