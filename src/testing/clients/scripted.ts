import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import type { Client, Verdict, Visit } from './client.ts';
import { run, type Output } from './run.ts';

/** Beside this file: `fixtures/clients` holds the programs in their own languages. */
const program = (name: string): string => fileURLToPath(new URL(`../../../fixtures/clients/${name}`, import.meta.url));

/** Programs of ours print a line a visit: `ok`, or why not. Arguments: what to trust, then `PORT NAME` pairs. */
function verdicts(visits: readonly Visit[], { code, stdout, stderr }: Output): Verdict[] {
  const lines = stdout.trimEnd().split('\n');
  if (code !== 0 || lines.length !== visits.length) throw new Error(`exit ${code}: ${stdout}${stderr}`);
  return visits.map((visit, i) => ({ visit, accepted: lines[i] === 'ok', said: lines[i] ?? '' }));
}

const pairs = (visits: readonly Visit[]): string[] => visits.flatMap(({ name, port }) => [String(port), name]);

export const python: Client = {
  title: 'Python, strict',
  programs: ['python3'],
  visit: async (visits, { root }) =>
    verdicts(visits, await run('python3', [program('visit.py'), root, ...pairs(visits)])),
};

const STORE_PASSWORD = 'changeit';

export const java: Client = {
  title: 'Java',
  programs: ['java', 'keytool'],
  async visit(visits, { root, scratch }) {
    const store = join(scratch, 'truststore.p12');
    rmSync(store, { force: true });
    const keytool = [
      '-importcert',
      '-noprompt',
      '-alias',
      'root',
      '-file',
      root,
      '-keystore',
      store,
      '-storetype',
      'PKCS12',
    ];
    const made = await run('keytool', [...keytool, '-storepass', STORE_PASSWORD]);
    if (made.code !== 0) throw new Error(made.stdout + made.stderr);
    const trust = [`-Djavax.net.ssl.trustStore=${store}`, `-Djavax.net.ssl.trustStorePassword=${STORE_PASSWORD}`];
    // The fast compiler alone: the program lives for a second.
    return verdicts(
      visits,
      await run('java', ['-XX:TieredStopAtLevel=1', ...trust, program('Visit.java'), ...pairs(visits)]),
    );
  },
};
