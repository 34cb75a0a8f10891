import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from './secret.ts';

it('shows itself to nobody who does not ask by name', () => {
  const secret = new Secret('hunter2');
  const seen = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ deep: { secret } }, { depth: 9, showHidden: true }),
    inspect(new Error('x', { cause: secret })),
    Object.keys(secret).join(),
    String(Object.values(secret)),
  ];
  expect(seen.join(' ')).not.toContain('hunter2');
  expect(inspect(secret.reveal())).toContain('68 75 6e');
});
