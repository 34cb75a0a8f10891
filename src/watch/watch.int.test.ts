import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { watchedConfig, watching } from '../testing/watching.ts';

it('makes the set, and then nothing: own writes are no changes', async () => {
  const { quiet, events } = await watching();
  expect(events.map(({ type }) => type)).toEqual(['started', 'applied', 'status', 'watching']);
  expect(await quiet()).toEqual([]);
});

it('repairs what was done by hand, and tells why', async () => {
  const { project, told, quiet } = await watching();
  chmodSync(project.path('certs/a.test.key'), 0o644);
  expect(await told()).toEqual(['applied 1', 'rewrite key host:a.test: mode']);
  project.remove('certs/a.test.crt');
  expect(await told()).toEqual(['applied 1', 'rewrite certificate host:a.test: missing']);
  project.write('certs/a.test.csr', 'nonsense');
  expect(await told()).toEqual(['applied 1', 'replace csr host:a.test: malformed']);
  const text = project.read('certs/a.test.crt');
  project.remove('certs/a.test.crt');
  project.write('certs/a.test.crt', text, 0o644);
  writeFileSync(project.path('rcssl.config.json'), project.read('rcssl.config.json'));
  expect(await quiet()).toEqual([]);
});

describe('a configuration', () => {
  it('that is broken leaves all as it is, tells all that is wrong, and recovers with the next save', async () => {
    const { project, told } = await watching();
    const made = () => [...project.snapshot()].filter(([name]) => name.includes('certs/'));
    const before = made();
    project.configure({ ...watchedConfig('a b'), caa: 1 });
    expect(await told()).toEqual(['failed config-bad-name,config-unknown-key', 'not complete']);
    expect(made()).toEqual(before);
    project.configure(watchedConfig('a.test', 'b.test'));
    expect((await told()).slice(0, 2)).toEqual(['applied 4', 'create key host:b.test: missing']);
  });

  it('that is saved by renaming, vanishes and comes back, as another kind too', async () => {
    const { project, told } = await watching();
    project.write('rcssl.config.json~', JSON.stringify(watchedConfig('a.test', 'b.test')));
    renameSync(project.path('rcssl.config.json~'), project.path('rcssl.config.json'));
    expect((await told())[0]).toBe('applied 4');
    renameSync(project.path('rcssl.config.json'), project.path('away'));
    expect(await told()).toEqual(['failed config-not-found', 'not complete']);
    project.write('.rcsslrc.yaml', JSON.stringify(watchedConfig('a.test', 'b.test', 'c.test')));
    expect((await told())[0]).toBe('applied 4');
    project.remove('.rcsslrc.yaml');
    expect((await told())[0]).toBe('failed config-not-found');
    renameSync(project.path('away'), project.path('rcssl.config.json'));
    expect(await told()).toEqual(['applied 0', 'complete']);
  });
});
