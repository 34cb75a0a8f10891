import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { namespaceRefused } from '../testing/namespace.ts';
import { requireLeave, requireProgram } from '../testing/programs.ts';
import { accepts, COMMAND_LINES, firefoxAccepts, type CommandLine } from '../testing/trust/clients.ts';
import { database, keystore, systemFiles } from '../testing/trust/state.ts';
import { openTrustWorld, type TrustWorld } from '../testing/trust/world.ts';

/*
 * Debian as it is, as root, with its folders covered by layers that are thrown away: its own commands, its browsers, its
 * Java. Each program goes from refusing a live server to accepting it and back; another root of the same name stays.
 */

requireProgram('unshare', 'nsenter', 'update-ca-certificates', 'certutil', 'keytool', 'firefox-esr');
requireProgram('curl', 'wget', 'git', 'java', 'chromium', 'python3');
requireLeave(namespaceRefused());

const JAVA = '/etc/ssl/certs/java/cacerts';
const NAMES = Object.keys(COMMAND_LINES) as CommandLine[];

let world: TrustWorld;
beforeAll(async () => {
  if (namespaceRefused() === undefined) world = await openTrustWorld();
});
afterAll(() => world?.close());

const everyone = [...NAMES, 'firefox'];

/** Who accepts a server, of all of them. */
async function friends(which: 'project' | 'other'): Promise<string[]> {
  const visitor = { namespace: world.namespace, env: world.env, server: world[which].server };
  const verdicts = await Promise.all(NAMES.map((name) => accepts(visitor, name)));
  const found: string[] = NAMES.filter((_, index) => verdicts[index]);
  // Alone: whoever hangs up is Firefox then.
  if (await firefoxAccepts(visitor, world.firefox)) found.push('firefox');
  return found;
}

async function state() {
  const { namespace, chromium, firefox } = world;
  return {
    files: await systemFiles(namespace),
    chromium: await database(namespace, chromium),
    firefox: await database(namespace, firefox),
    java: await keystore(namespace, JAVA),
  };
}

describe('a computer', () => {
  test('trusts the root after `rcssl trust`, and is what it was after `rcssl untrust`', async () => {
    const before = await state();
    expect(await friends('project')).toEqual([]);
    expect(await friends('other')).toEqual(everyone);

    const trusted = await world.rcssl(['trust', '--yes']);
    expect(trusted).toMatchObject({ code: 0, stderr: '' });
    expect(await friends('project')).toEqual(everyone);
    expect(await friends('other')).toEqual(everyone);
    // Nothing is left to do, and nothing is done.
    const during = await state();
    expect(await world.rcssl(['trust', '--yes'])).toMatchObject({ code: 0 });
    expect(await state()).toEqual(during);

    expect(await world.rcssl(['untrust', '--yes'])).toMatchObject({ code: 0, stderr: '' });
    expect(await friends('project')).toEqual([]);
    expect(await friends('other')).toEqual(everyone);
    expect(await state()).toEqual(before);
  });
});
