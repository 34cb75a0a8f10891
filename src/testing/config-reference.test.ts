import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { configReference } from './config-reference.ts';

const file = new URL('../../docs/configuration.md', import.meta.url);
const MARK = '<!-- Made from src/config/schema.ts and src/config/clients.ts; `npx vitest run -u` writes it. -->\n';

it('docs/configuration.md says what the schema says', async () => {
  const text = readFileSync(file, 'utf8');
  const [before = ''] = text.split(MARK);
  await expect(`${before}${MARK}\n${configReference()}`).toMatchFileSnapshot(fileURLToPath(file));
});
