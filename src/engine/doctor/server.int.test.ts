import { execFileSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DAY } from '../../kernel/duration.ts';
import { applied, DOCTOR_CONFIG, examine, pairOf, serveAnswers } from '../../testing/doctor.ts';
import { requireProgram } from '../../testing/programs.ts';
import { scratchProject, type ScratchProject } from '../../testing/project.ts';
import { freePort } from '../../testing/reverse-proxy/servers.ts';

/** From the name to the chain: each check against a live server that makes it fail, and one that it passes. */

const serving = async (project: ScratchProject, name?: string): Promise<string> =>
  `https://localhost:${await serveAnswers({}, pairOf(project, name))}`;

it('all of it passes where all is well, and nothing of the wire fails', async () => {
  const project = await applied();
  const said = await examine(project, await serving(project), { isProxyCheck: true });
  expect(Object.values(said).filter(({ verdict }) => !['good', 'idle', 'doubt'].includes(verdict))).toEqual([]);
  for (const id of ['name', 'port', 'https', 'served', 'covers', 'expiry', 'chain']) {
    expect([id, said[id]?.verdict]).toEqual([id, 'good']);
  }
});

describe('name', () => {
  const named = (addresses: readonly string[]) => ({ addresses: () => Promise.resolve(addresses) });

  it('is bad where it has no address, and what stands on it is not looked at', async () => {
    const said = await examine(await applied(), 'app.test', { network: named([]) });
    expect(said['name']).toMatchObject({ verdict: 'bad', codes: ['doctor-name-unknown'] });
    expect(said['name']?.fix).toContain('app.test');
    expect([said['port'], said['https'], said['chain']].map((each) => each?.verdict)).toEqual(
      Array(3).fill('after name'),
    );
  });

  it('is in doubt at a public address, and good at one given in its place', async () => {
    const project = await applied();
    const far = await examine(project, `app.test:${await freePort()}`, {
      network: named(['203.0.113.7', '127.0.0.1']),
    });
    expect(far['name']).toMatchObject({ verdict: 'doubt', codes: ['doctor-name-public'] });
    const port = await serveAnswers({}, pairOf(project));
    const near = await examine(project, `app.test:${port}`, { address: '127.0.0.1', isProxyCheck: true });
    expect([near['name'], near['chain']].map((each) => each?.verdict)).toEqual(['good', 'good']);
  });
});

describe('multicast', () => {
  const look = async (addresses: readonly string[], announced: readonly string[]) => {
    const network = { addresses: () => Promise.resolve(addresses), announced: () => Promise.resolve(announced) };
    return (await examine(scratchProject(DOCTOR_CONFIG), 'chat.local:1', { network }))['multicast'];
  };

  it('is in doubt where nobody announces the name, or another machine does', async () => {
    expect(await look(['127.0.0.1'], [])).toMatchObject({ codes: ['doctor-multicast-silent'], verdict: 'doubt' });
    expect(await look(['10.0.0.1'], ['10.0.0.2'])).toMatchObject({
      codes: ['doctor-multicast-other'],
      verdict: 'doubt',
    });
  });

  it('is good where it is announced, and has nothing to say of other names', async () => {
    expect(await look(['10.0.0.2'], ['fd00::2', '10.0.0.2'])).toMatchObject({ verdict: 'good' });
    expect((await examine(await applied(), 'localhost:1'))['multicast']).toMatchObject({ codes: [] });
  });
});

it('port is bad where nothing listens', async () => {
  const said = await examine(await applied(), `localhost:${await freePort()}`);
  expect(said['port']).toMatchObject({ verdict: 'bad', codes: ['doctor-nothing-listens'] });
  expect(said['https']?.verdict).toBe('after port');
});

describe('https', () => {
  it('is bad where plain HTTP answers, with the proxy to put before it', async () => {
    const port = await serveAnswers();
    const said = await examine(await applied(), `https://localhost:${port}`);
    expect(said['port']?.verdict).toBe('good');
    expect(said['https']).toMatchObject({ verdict: 'bad', codes: ['doctor-plain-http'] });
    expect(said['https']?.fix).toContain(`rcssl proxy nginx --upstream http://127.0.0.1:${port}`);
    expect(said['served']?.verdict).toBe('after https');
  });

  it('is bad where http:// was typed', async () => {
    const project = await applied();
    const url = await serving(project);
    const said = await examine(project, url.replace('https:', 'http:'));
    expect(said['https']).toEqual({ verdict: 'bad', codes: ['doctor-http-typed'], fix: `type ${url}` });
  });

  it('is bad where neither answers', async () => {
    const server = createServer((socket) => void socket.end('220 mail\r\n').on('error', () => undefined));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const said = await examine(await applied(), `localhost:${(server.address() as AddressInfo).port}`);
    expect(said['https']).toMatchObject({ verdict: 'bad', codes: ['doctor-no-tls'] });
  });
});

describe('served', () => {
  it('is bad where the server goes on with the certificate of yesterday', async () => {
    const project = await applied();
    const url = await serving(project);
    await project.apply({ force: ['localhost'] });
    const said = await examine(project, url);
    expect(said['served']).toMatchObject({ verdict: 'bad', codes: ['doctor-served-other'] });
    expect(said['chain']?.verdict).toBe('after certificate');
  });

  it('is bad where the declared one is not there, in doubt where none is declared, and idle without a project', async () => {
    const [project, other] = [await applied(), await applied()];
    const url = await serving(project);
    other.remove('certs/localhost.crt');
    expect((await examine(other, url))['served']).toMatchObject({ verdict: 'bad', codes: ['doctor-not-made'] });
    other.configure({ ...DOCTOR_CONFIG, hosts: [{ name: 'other.test', key: 'ecdsa-p256' }] });
    expect((await examine(other, url))['served']).toMatchObject({ verdict: 'doubt', codes: ['doctor-undeclared'] });
    expect((await examine(scratchProject(), url))['served']).toMatchObject({ codes: ['doctor-no-project'] });
  });
});

it('covers is bad where the certificate is for other names', async () => {
  const project = await applied({
    ...DOCTOR_CONFIG,
    hosts: [...DOCTOR_CONFIG.hosts, { name: 'b.test', key: 'ecdsa-p256' }],
  });
  const said = await examine(project, await serving(project, 'b.test'));
  expect(said['served']).toMatchObject({ verdict: 'bad', codes: ['doctor-served-foreign'] });
  expect(said['served']?.fix).toContain('certs/localhost.fullchain.pem');
  // Of a name that nobody has declared.
  const url = (await serving(project)).replace('localhost', '127.0.0.1');
  const undeclared = await examine(project, url);
  expect(undeclared['served']?.verdict).toBe('good');
  expect(undeclared['covers']).toMatchObject({ verdict: 'bad', codes: ['doctor-not-covered'] });
});

it.each([
  ['bad', 'doctor-expired', 400],
  ['doubt', 'doctor-ends-soon', 364],
  ['bad', 'doctor-not-yet', -1],
])('expiry is %s: %s', async (verdict, code, days) => {
  const project = await applied();
  const url = await serving(project);
  project.setNow(Date.now() + days * DAY);
  expect((await examine(project, url))['expiry']).toMatchObject({ verdict, codes: [code] });
});

describe('chain', () => {
  requireProgram('openssl');

  /** A leaf under an intermediate of this root, as a company's own CA has it. */
  function withIntermediate(project: ScratchProject): { key: string; leaf: string; intermediate: string } {
    const openssl = (...args: string[]): void =>
      void execFileSync('openssl', args, { cwd: project.path('certs'), stdio: 'pipe' });
    const issue = (name: string, issuer: string, extensions: string): void => {
      project.write(`certs/${name}.ext`, extensions);
      openssl(
        'req',
        '-new',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        `${name}.key`,
        '-subj',
        `/CN=${name}`,
        '-out',
        `${name}.csr`,
      );
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        `${issuer}.crt`,
        '-CAkey',
        `${issuer}.key`,
        '-CAcreateserial',
        '-days',
        '9',
        '-extfile',
        `${name}.ext`,
        '-out',
        `${name}.crt`,
      );
    };
    issue('middle', 'root', 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n');
    issue('leaf', 'middle', 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n');
    return {
      key: project.read('certs/leaf.key'),
      leaf: project.read('certs/leaf.crt'),
      intermediate: project.read('certs/middle.crt'),
    };
  }

  it('is bad where an intermediate is not sent, and where it is and may not be', async () => {
    const project = await applied();
    const { key, leaf, intermediate } = withIntermediate(project);
    project.configure({ ...DOCTOR_CONFIG, hosts: [{ name: 'other.test', key: 'ecdsa-p256' }] });
    const look = async (cert: string) =>
      (await examine(project, `localhost:${await serveAnswers({}, { key, cert })}`))['chain'];
    expect(await look(leaf)).toMatchObject({ verdict: 'bad', codes: ['doctor-chain-broken'] });
    // The roots of rcssl sign leaves alone: path length 0.
    expect(await look(leaf + intermediate)).toMatchObject({ verdict: 'bad', codes: ['doctor-chain-refused'] });
  });

  it('is bad of a certificate that signed itself, and of one that an earlier root has signed', async () => {
    const project = await applied();
    const url = await serving(project);
    const own = project.read('certs/localhost.crt');
    const { plan } = await project.plan();
    await project.apply({ force: [plan.ca.id], replaceRoot: true });
    project.write('certs/localhost.crt', own);
    expect((await examine(project, url))['chain']).toMatchObject({ verdict: 'bad', codes: ['doctor-chain-left'] });
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...subject];
    execFileSync('openssl', [...words, '-keyout', 'self.key', '-out', 'self.crt'], {
      cwd: project.folder,
      stdio: 'pipe',
    });
    project.configure({ ...DOCTOR_CONFIG, hosts: [{ name: 'other.test', key: 'ecdsa-p256' }] });
    const port = await serveAnswers({}, { key: project.read('self.key'), cert: project.read('self.crt') });
    expect((await examine(project, `localhost:${port}`))['chain']).toMatchObject({ codes: ['doctor-self-signed'] });
    expect((await examine(scratchProject(), `localhost:${port}`))['chain']).toMatchObject({
      verdict: 'bad',
      codes: ['doctor-chain-unverified'],
    });
  });
});

it.each([
  'ftp://a.test',
  'https://',
  'https://user@a.test',
  'a b',
  'https://a.test:99999',
  'https://a.test:0',
  'a.test:0',
  'https://$(id).test',
  '*.test',
  '',
])('%j is nothing to look at', async (target) => {
  await expect(examine(await applied(), target)).rejects.toMatchObject({
    diagnostics: [{ code: 'doctor-bad-target' }],
  });
});

it.each(['nonsense.invalid', '999.1.1.1'])('--address %s is none', async (address) => {
  const project = await applied();
  await expect(examine(project, 'a.test', { address })).rejects.toMatchObject({
    diagnostics: [{ code: 'doctor-bad-address' }],
  });
});
