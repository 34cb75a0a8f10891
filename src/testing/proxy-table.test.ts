import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { placesTable } from './proxy-places.ts';
import { CLOSED_CHECKS } from './reverse-proxy/closed-hosts.ts';
import { CHECKS } from './reverse-proxy/conformance.ts';
import { conformanceTable } from './reverse-proxy/known-limits.ts';
import { ROUTE_CHECKS } from './reverse-proxy/routes.ts';
import { RENEWAL_CHECKS } from './reverse-proxy/renewals.ts';

const file = new URL('../../docs/reverse-proxies/README.md', import.meta.url);
const MARK = '<!-- Made from src/reverse-proxy and what the long tests find; `npx vitest run -u` writes it. -->\n';

it('docs/reverse-proxies/README.md says where files go and what the suite found', async () => {
  const [before = ''] = readFileSync(file, 'utf8').split(MARK);
  const asked = [...CHECKS.map(({ what }) => what), 'mutual TLS', ...CLOSED_CHECKS, ...ROUTE_CHECKS, ...RENEWAL_CHECKS];
  const tables = `## Where files go\n\n${placesTable()}\n## What each server does\n\n${conformanceTable(asked)}`;
  await expect(`${before}${MARK}\n${tables}`).toMatchFileSnapshot(fileURLToPath(file));
});
