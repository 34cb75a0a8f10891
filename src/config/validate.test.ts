import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describe as words } from '../diagnostics/diagnostic.ts';
import { DAY } from '../kernel/duration.ts';
import { HOST_LINT_IDS, ROOT_LINT_IDS } from './client-ids.ts';
import { configSchema } from './schema.ts';
import type { Config } from './types.ts';
import type { UserConfig } from './user-config.ts';
import { validate } from './validate.ts';

const where = { file: '/project/app/rcssl.config.ts', project: '/project' };

function configOf(user: UserConfig): Config {
  const { config, diagnostics } = validate(user, where);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (!config) throw new Error('no configuration');
  return config;
}

function codesOf(user: unknown): string[] {
  return validate(user, where).diagnostics.map(({ code, place }) => `${place.path} ${code}`);
}

describe('defaults', () => {
  it('make { hosts: ["localhost"] } complete, as the guide has it', () => {
    const config = configOf({ hosts: ['localhost'] });
    expect(config).toMatchObject({ root: '/project/app', outDir: { path: '/project/app/certs', mode: undefined } });
    expect(config.ca).toEqual({
      id: 'ca:Development Root',
      name: 'Development Root',
      key: 'rsa-4096',
      validity: 1024 * DAY,
      renewBefore: 30 * DAY,
      subject: {},
      passphrase: undefined,
      constraints: { permit: [] },
      output: { key: undefined, cert: undefined },
    });
    const at = (ending: string) => ({
      path: `/project/app/certs/localhost${ending}`,
      mode: undefined,
      group: undefined,
    });
    expect(config.hosts).toEqual([
      {
        id: 'host:localhost',
        name: 'localhost',
        names: [{ type: 'dns', value: 'localhost' }],
        lan: false,
        layout: 'files',
        key: 'rsa-2048',
        validity: 365 * DAY,
        renewBefore: 30 * DAY,
        reuseKey: true,
        usage: ['server'],
        subject: {},
        output: { key: at('.key'), csr: at('.csr'), cert: at('.crt'), fullchain: at('.fullchain.pem') },
      },
    ]);
  });

  it('renew a short one when a third of it is left', () => {
    expect(configOf({ hosts: [{ name: 'a.test', validity: '6d' }] }).hosts[0]?.renewBefore).toBe(2 * DAY);
    expect(configOf({ hosts: [{ name: 'a.test', validity: '90d' }] }).hosts[0]?.renewBefore).toBe(30 * DAY);
  });

  it('of the file hold where a host says nothing, also where it says undefined', () => {
    const { hosts } = configOf({
      defaults: { key: 'ecdsa-p256', lan: true, usage: ['client', 'server', 'client'] },
      hosts: ['a.test', { name: 'b.test', key: undefined, lan: false }],
    });
    expect(hosts.map(({ key, lan }) => [key, lan])).toEqual([
      ['ecdsa-p256', true],
      ['ecdsa-p256', false],
    ]);
    expect(hosts[0]?.usage).toEqual(['client', 'server']);
  });
});

describe('names and outputs', () => {
  it('collapse what clients cannot tell apart, first name first', () => {
    const { hosts } = configOf({
      hosts: [{ name: 'B\u00fccher.test', altNames: ['xn--bcher-kva.TEST', '::0:1', '::1', 'a.test'] }],
    });
    expect(hosts[0]?.names.map(({ value }) => value)).toEqual(['xn--bcher-kva.test', '::1', 'a.test']);
    expect(hosts[0]?.name).toBe('B\u00fccher.test');
  });

  it('have their mode in octal, their group, and none where it is false', () => {
    const output = { key: { path: 'k.pem', mode: '640', group: 'docker' }, csr: false, fullchain: false } as const;
    const host = configOf({ hosts: [{ name: 'a.test', output }], outDir: { path: 'tls', mode: '0755' } }).hosts[0];
    expect(host?.output.key).toEqual({ path: '/project/app/k.pem', mode: 0o640, group: 'docker' });
    expect(host?.output.cert.path).toBe('/project/app/tls/a.test.crt');
    expect([host?.output.csr, host?.output.fullchain]).toEqual([undefined, undefined]);
  });

  it('put the certificate of a root beside its key', () => {
    const ca = (output: NonNullable<UserConfig['ca']>['output']) => configOf({ ca: { output }, hosts: [] }).ca.output;
    expect(ca({ key: 'pki/root.key' }).cert?.path).toBe('/project/app/pki/root.crt');
    expect(ca({ key: 'pki/root' }).cert?.path).toBe('/project/app/pki/root.crt');
    expect(ca({ cert: 'root.pem' })).toMatchObject({ key: undefined, cert: { path: '/project/app/root.pem' } });
    expect(codesOf({ ca: { output: { key: 'pki/root.crt' } }, hosts: [] })).toEqual(['ca config-same-path']);
  });

  it('may lie anywhere in the project, and outside with leave', () => {
    const host = (output: string | { path: string; outside: boolean }) => ({
      hosts: [{ name: 'a.test', output: { key: output } }],
    });
    expect(codesOf(host('../other/a.key'))).toEqual([]);
    expect(codesOf(host('/project/a.key'))).toEqual([]);
    expect(codesOf(host('/project-2/a.key'))).toEqual(['hosts[0].output.key config-path-outside']);
    expect(codesOf(host({ path: '/etc/a.key', outside: true }))).toEqual([]);
    expect(codesOf({ ...host('/srv/a.key'), outDir: { path: '/srv', outside: true } })).toEqual([]);
    expect(codesOf({ hosts: ['a.test'], outDir: '/srv' })).toEqual(['outDir config-path-outside']);
  });
});

describe('client warnings', () => {
  const loud: UserConfig = {
    ca: { key: 'ed25519', constraints: 'none' },
    hosts: [
      { name: 'a.test', validity: '826d', key: 'ed25519', altNames: ['my_host.test', '*.co.uk'] },
      { name: 'b.test', usage: ['client'] },
    ],
  };

  it('are silent about what no client refuses', () => {
    expect(
      codesOf({ hosts: [{ name: 'a.b.test', validity: '825d', altNames: ['*.a.co.uk', '*.github.io'] }] }),
    ).toEqual([]);
  });

  it('come for each lint once, and none is left once all are accepted', () => {
    const ids = validate(loud, where).diagnostics.map(({ args }) => (args as { id: string }).id);
    expect(ids.toSorted()).toEqual([...HOST_LINT_IDS, ...ROOT_LINT_IDS].toSorted());
    const accepted = {
      ca: { ...loud.ca, accept: [...ROOT_LINT_IDS] },
      defaults: { accept: [...HOST_LINT_IDS] },
      hosts: loud.hosts,
    };
    expect(codesOf(accepted)).toEqual([]);
  });

  it('do not hold for what never serves', () => {
    const accept = ['client-only-usage'];
    expect(
      codesOf({ hosts: [{ name: 'a.test', usage: ['client'], validity: '900d', key: 'ed25519', accept }] }),
    ).toEqual([]);
  });
});

describe('mistakes', () => {
  it('are all told at once, those of the shape and those of the rules', () => {
    const wrong = {
      outDir: 5,
      hosts: [{ name: 'a.test', lann: true, validity: '900d' }, 7, { name: '*.com' }, 'A.test'],
    };
    expect(codesOf(wrong)).toEqual([
      'hosts[0].lann config-unknown-key',
      'hosts[1] config-bad-value',
      'outDir config-bad-value',
      'hosts[2].name config-wildcard-top-level',
      'hosts[3] config-duplicate-host',
      'hosts[0].validity client-warning',
    ]);
  });

  it('of defaults are told once', () => {
    expect(codesOf({ defaults: { validity: '900d' }, hosts: ['a.test', 'b.test'] })).toEqual([
      'defaults.validity client-warning',
    ]);
  });

  it('never show what stands under passphrase', () => {
    fc.assert(
      fc.property(fc.constantFrom('env', 'file', 'command', 'prompt', 'x', undefined), fc.anything(), (key, value) => {
        const secret = 'S3cr3t-zq';
        const passphrase = key === undefined ? secret : { [key]: [secret, value], other: secret };
        const said = validate({ ca: { passphrase }, hosts: [] }, where).diagnostics;
        expect(said).not.toEqual([]);
        expect(JSON.stringify([said, said.map(words)])).not.toContain(secret);
      }),
    );
  });

  it('of any value whatever are words, not exceptions', () => {
    const near = fc.record(
      {
        hosts: fc.array(fc.oneof(fc.anything(), fc.string(), fc.record({ name: fc.string(), output: fc.anything() }))),
        ca: fc.oneof(fc.anything(), fc.record({ output: fc.anything(), constraints: fc.anything() })),
        defaults: fc.anything(),
        outDir: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), near), (user) => {
        const { config, diagnostics } = validate(user, where);
        expect(config === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
        for (const { text, hint } of diagnostics.map(words))
          expect(`${text}${hint}`).not.toMatch(/Invalid input|\[object/);
        if (!configSchema.safeParse(user).success) expect(diagnostics).not.toEqual([]);
      }),
    );
  });
});

describe('the order of hosts', () => {
  it('does not matter', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}\.test$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(names, (hosts) => {
        const byId = (config: Config) => config.hosts.toSorted((a, b) => (a.id < b.id ? -1 : 1));
        expect(byId(configOf({ hosts: hosts.toReversed() }))).toEqual(byId(configOf({ hosts })));
      }),
    );
  });
});
