import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { CHECKS } from './reverse-proxy/conformance.ts';
import { conformanceTable } from './reverse-proxy/known-limits.ts';
import { RENEWAL_CHECKS } from './reverse-proxy/renewals.ts';

const file = new URL('../../docs/reverse-proxies.md', import.meta.url);
const MARK = '<!-- Made from what the long tests find; `npx vitest run -u` writes it. -->\n';

it('docs/reverse-proxies.md says what the suite found', async () => {
  const [before = ''] = readFileSync(file, 'utf8').split(MARK);
  const asked = [...CHECKS.map(({ what }) => what), 'mutual TLS', ...RENEWAL_CHECKS];
  await expect(`${before}${MARK}\n${conformanceTable(asked)}`).toMatchFileSnapshot(fileURLToPath(file));
});
