import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scratchProject, summary, type ScratchProject } from '../testing/project.ts';

/*
 * Whatever a team does to its configuration and its files, in any order: one apply puts it right, the next has nothing
 * to do, and the root's key stays or is in the archive.
 */

const NAMES = ['a.test', 'b.test', 'c.local', '127.0.0.1', 'x.example.org'];
const STEMS = ['one', 'two', 'three', 'four', 'five'];

const hosts = fc.shuffledSubarray(NAMES, { minLength: 1 }).chain((names) =>
  fc.tuple(
    ...names.map((name, index) =>
      fc.record({
        name: fc.constant(name),
        key: fc.constantFrom('ecdsa-p256', 'ecdsa-p384'),
        validity: fc.constantFrom('30d', '1y'),
        altNames: fc.subarray(['alt.test', '10.0.0.9', '*.deep.test']),
        reuseKey: fc.boolean(),
        // Paths wander between hosts, but no two share one.
        output: fc.constantFrom({}, { key: `k/${STEMS[index]}.key`, cert: `k/${STEMS[index]}.crt` }),
      }),
    ),
  ),
);

const ca = fc.record({
  name: fc.constant('Root'),
  key: fc.constantFrom('ecdsa-p256', 'ecdsa-p256', 'ecdsa-p384'),
  validity: fc.constantFrom('1024d', '500d'),
  subject: fc.constantFrom({}, { organization: 'Acme' }),
  output: fc.constantFrom({ key: 'ca/root.key' }, { key: 'certs/r.key', cert: 'pub/root.crt' }),
});

type Step =
  | { readonly kind: 'configure'; readonly config: object }
  | { readonly kind: 'tamper'; readonly how: 'delete' | 'garbage' | 'swap'; readonly pick: number }
  | { readonly kind: 'forget' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('configure' as const), config: fc.record({ ca, hosts }) }),
  fc.record({
    kind: fc.constant('tamper' as const),
    how: fc.constantFrom('delete' as const, 'garbage' as const, 'swap' as const),
    pick: fc.nat(),
  }),
  fc.constant({ kind: 'forget' as const }),
);

async function declaredPaths(project: ScratchProject): Promise<string[]> {
  const { actions } = await project.plan();
  return actions.flatMap((action) => (action.kind === 'remove' ? [] : [action.target.path]));
}

async function take(project: ScratchProject, todo: Step): Promise<void> {
  if (todo.kind === 'configure') return project.configure(todo.config);
  if (todo.kind === 'forget') return rmSync(project.path('.rcssl/manifest.json'), { force: true });
  const there = (await declaredPaths(project)).filter((path) => existsSync(path));
  const path = there[todo.pick % there.length];
  const other = there[(todo.pick + 3) % there.length];
  if (path === undefined || other === undefined) return;
  if (todo.how === 'delete') rmSync(path);
  else if (todo.how === 'garbage') writeFileSync(path, 'nothing that anybody reads');
  else copyFileSync(other, path);
}

it('any sequence of edits and accidents is put right by one apply', async () => {
  await fc.assert(
    fc.asyncProperty(fc.record({ ca, hosts }), fc.array(step, { minLength: 1, maxLength: 6 }), async (first, steps) => {
      const project = scratchProject(first);
      await project.apply();
      for (const todo of steps) {
        await take(project, todo);
        // What was put there by hand has no record; the user says that it may go.
        const adopt = await declaredPaths(project);
        const before = await project.plan({ adopt });
        const blocked = before.actions.some(({ kind }) => kind === 'blocked');
        await project.apply({ adopt, replaceRoot: true });
        if (blocked) continue;
        expect(summary(await project.plan())).toEqual([]);
      }
    }),
    { numRuns: Number(process.env['RCSSL_RUNS'] ?? 150) },
  );
});
