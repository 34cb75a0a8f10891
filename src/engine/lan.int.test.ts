import { expect, it } from 'vitest';
import { DAY } from '../kernel/duration.ts';
import { scratchProject, summary } from '../testing/project.ts';
import { watchedConfig } from '../testing/watching.ts';
import { applyProject } from './apply.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');

it('two networks do not fight: an address that is gone stays in the certificate for a while', async () => {
  const { ca } = watchedConfig();
  const project = scratchProject({ ca, hosts: [{ name: 'a.test', key: 'ecdsa-p256', lan: true }] });
  const at = async (address: string, days: number): Promise<string[]> => {
    project.setNow(NOW + days * DAY);
    const machine = () => ({ addresses: [address], localName: 'laptop.local', dataFolder: project.path('data') });
    const world = { ...project.world, machine };
    const result = await applyProject(world, { cwd: project.folder, durable: false });
    return summary(result).filter((line) => line.includes(' certificate '));
  };
  await at('192.168.1.20', 0);
  expect(await at('10.0.0.7', 1)).toEqual(['replace certificate host:a.test: names-changed']);
  for (const day of [2, 3, 40]) {
    expect(await at('192.168.1.20', day)).toEqual([]);
    expect(await at('10.0.0.7', day)).toEqual([]);
  }
  // The certificate is of the first day: what it has kept goes when a third network comes.
  expect(await at('172.16.0.9', 41)).toEqual(['replace certificate host:a.test: names-changed']);
  expect(await at('10.0.0.7', 42)).toEqual(['replace certificate host:a.test: names-changed']);
  // And with a renewal, all that is not there any more.
  expect(await at('10.0.0.7', 400)).toEqual(['replace certificate host:a.test: expires-soon names-changed']);
});
