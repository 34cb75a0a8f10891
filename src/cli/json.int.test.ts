import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromJSONSchema, type ZodType } from 'zod';
import { callCli } from '../testing/call-cli.ts';
import { scratchProject, type ScratchProject } from '../testing/project.ts';
import { nodeTime } from '../platform/time.ts';
import { watchJson } from '../report/watch-json.ts';
import { watchProject } from '../watch/watch.ts';
import { COMMAND_NAMES } from './commands.ts';

const schema: ZodType = fromJSONSchema(JSON.parse(readFileSync('schema/output.schema.json', 'utf8')));
const HOST = { name: 'app.test', key: 'ecdsa-p256', altNames: ['chat.local'] };
const CONFIG = { ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } }, hosts: [HOST] };

async function json(project: ScratchProject, ...argv: string[]): Promise<Record<string, unknown>> {
  const { out } = await callCli(project, [...argv, '--json']);
  const value: unknown = JSON.parse(out);
  // Strict: a fact that the schema does not name is a fault of the schema.
  expect(schema.parse(value)).toEqual(value);
  return value as Record<string, unknown>;
}

async function applied(): Promise<ScratchProject> {
  const project = scratchProject(CONFIG);
  await project.apply();
  return project;
}

describe('--json fits its schema', () => {
  it('of plan, before and after, and with every kind of change', async () => {
    const project = scratchProject(CONFIG);
    expect(await json(project, 'plan')).toMatchObject({ complete: false, next: ['rcssl apply'], kept: 0 });
    await project.apply();
    expect(await json(project, 'plan')).toMatchObject({ complete: true, actions: [], kept: 6, next: [] });
    project.configure({ ...CONFIG, hosts: [{ ...HOST, altNames: ['new.local', 'x.example.org'] }] });
    project.write('certs/app.test.csr', 'none');
    expect(await json(project, 'plan')).toMatchObject({
      ca: { renewed: true, replaced: false },
      actions: expect.arrayContaining([
        expect.objectContaining({
          owner: 'host:app.test',
          reasons: [{ code: 'names-changed', added: ['new.local', 'x.example.org'], removed: ['chat.local'] }],
        }),
      ]),
    });
  });

  it('of plan for what is near its end, blocked, moved and undeclared', async () => {
    const project = await applied();
    project.setNow(undefined);
    project.configure({
      ...CONFIG,
      hosts: [
        { ...HOST, output: { cert: 'certs/other.crt' } },
        { name: 'b.test', key: 'ecdsa-p256', output: { key: 'foreign.key' } },
      ],
    });
    project.write('foreign.key', 'somebody else');
    const { actions, undeclared } = await json(project, 'plan');
    expect(actions).toContainEqual(
      expect.objectContaining({ kind: 'rewrite', from: 'certs/app.test.crt', path: 'certs/other.crt' }),
    );
    expect(actions).toContainEqual(expect.objectContaining({ kind: 'blocked', path: 'foreign.key' }));
    expect(undeclared).toEqual([expect.objectContaining({ kind: 'remove', path: 'certs/app.test.crt' })]);
  });

  it('of apply, of its dry run, and of one that is blocked', async () => {
    const project = scratchProject(CONFIG);
    expect(await json(project, 'apply', '--dry-run')).toMatchObject({ dryRun: true, done: [] });
    const first = await json(project, 'apply');
    expect(first).toMatchObject({ dryRun: false, complete: true, nextRenewal: { owner: 'host:app.test' } });
    expect(first['done']).toHaveLength(6);
    expect(await json(project, 'apply')).toMatchObject({ done: [], complete: true });
    project.remove('certs/app.test.csr');
    project.write('certs/app.test.csr/inside', '');
    const blocked = await json(project, 'apply');
    expect(blocked).toMatchObject({ complete: false, diagnostics: [{ code: 'apply-blocked', severity: 'error' }] });
  });

  it('of proxy, and of its list', async () => {
    const project = scratchProject(CONFIG);
    const { text, diagnostics } = await json(
      project,
      'proxy',
      'haproxy',
      '--listen',
      '8443',
      '--redirect-from',
      'none',
    );
    expect(text).toContain('bind *:8443 ssl');
    expect(diagnostics).toMatchObject([{}, { code: 'proxy-needs-declaring' }]);
    expect(await json(project, 'proxy')).toMatchObject({
      servers: expect.arrayContaining([{ server: 'nginx' }].map((o) => expect.objectContaining(o))),
    });
  });

  it('of check, of check --config-only, and of status', async () => {
    const project = await applied();
    expect(await json(project, 'check')).toMatchObject({ pending: false });
    expect(await json(project, 'check', '--within', '400d')).toMatchObject({ pending: true });
    expect(await json(project, 'check', '--config-only')).toMatchObject({ configOnly: true, diagnostics: [] });
    expect(await json(project, 'status')).toMatchObject({ ca: { state: 'ok' }, hosts: [{ state: 'ok' }] });
    project.remove('certs/app.test.crt');
    expect(await json(project, 'status')).toMatchObject({ complete: false, hosts: [{ state: 'missing' }] });
  });

  it('of inspect', async () => {
    const project = await applied();
    for (const file of ['app.test.crt', 'app.test.key', 'app.test.csr', 'app.test.fullchain.pem', 'root.crt']) {
      expect(await json(project, 'inspect', `certs/${file}`)).toMatchObject({ command: 'inspect' });
    }
    project.configure({ ...CONFIG, hosts: [{ ...HOST, validity: '30d' }] });
    expect(await json(project, 'inspect', 'app.test')).toMatchObject({ source: { kind: 'owner' } });
  });

  it('of watch, an event a line', async () => {
    const project = scratchProject(CONFIG);
    const { out, code } = await callCli(project, ['watch', '--until-complete', '--json']);
    expect(code).toBe(0);
    const events = out
      .trim()
      .split('\n')
      .map((text): unknown => JSON.parse(text));
    for (const event of events) expect(schema.parse(event)).toEqual(event);
    expect(events).toMatchObject([
      { event: 'started', causes: [{ code: 'start' }], plan: { complete: false } },
      { event: 'applied', result: { complete: true } },
      { event: 'status', complete: true, nextRenewal: { owner: 'host:app.test' } },
    ]);
    project.configure({ hosts: ['a b'] });
    const ended = new AbortController();
    const sources = [{ start: () => void setTimeout(() => ended.abort(), 300), stop: () => undefined }];
    const ports = { fresh: () => project.world, time: nodeTime, sources };
    for await (const event of watchProject(ports, { cwd: project.folder, signal: ended.signal })) {
      const value = watchJson(event, project.folder, { project: '', selection: '' });
      expect(schema.parse(value)).toEqual(value);
    }
  });

  it('of ca list, ca backup and ca restore', async () => {
    const project = await applied();
    const { plan } = await project.plan();
    await project.apply({ force: [plan.ca.id], replaceRoot: true });
    expect(await json(project, 'ca', 'list')).toMatchObject({ roots: [{ state: 'live' }, { state: 'archived' }] });
    project.write('passphrase', 'tiger-1');
    const words = ['dev.age', '--passphrase-file', 'passphrase'];
    expect(await json(project, 'ca', 'backup', ...words)).toMatchObject({ file: 'dev.age', roots: [{}, {}] });
    expect(await json(project, 'ca', 'restore', ...words)).toMatchObject({ restored: { files: [], archive: [] } });
    project.remove('certs');
    project.remove('.rcssl');
    expect(await json(project, 'ca', 'restore', ...words)).toMatchObject({ complete: false, next: ['rcssl plan'] });
    expect(await json(project, 'ca', 'backup', ...words)).toMatchObject({ diagnostics: [{ code: 'backup-exists' }] });
  });

  it('of init and of completion', async () => {
    expect(await json(scratchProject(), 'init')).toMatchObject({ config: 'rcssl.config.json' });
    expect(await json(scratchProject(), 'completion', 'bash')).toMatchObject({ command: 'completion' });
  });

  it('of failures, those of the command line too', async () => {
    const project = scratchProject({ hosts: ['a b'], caa: {} });
    expect(await json(project, 'plan')).toMatchObject({
      command: 'plan',
      diagnostics: [{ code: 'config-bad-name' }, { code: 'config-unknown-key' }],
    });
    expect(await json(project, 'plan', '--nope')).toMatchObject({ command: null });
  });

  it('for every command there is', () => {
    const { $defs } = JSON.parse(readFileSync('schema/output.schema.json', 'utf8')) as { $defs: object };
    const named = COMMAND_NAMES.map((name) => name.replace(/ (.)/, (_, letter: string) => letter.toUpperCase()));
    expect(Object.keys($defs)).toEqual(expect.arrayContaining(named));
  });
});
