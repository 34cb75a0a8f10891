import { describe, expect, it } from 'vitest';
import { applied, DOCTOR_CONFIG, examine, pairOf, rightly, serveAnswers } from '../../testing/doctor.ts';
import type { ScratchProject } from '../../testing/project.ts';
import { freePort } from '../../testing/reverse-proxy/servers.ts';
import { REDIRECT_PATH } from '../../doctor/redirect-path.ts';

/** What a reverse proxy is there for, in front of servers that play one. */

interface Ports {
  readonly listen: number;
  readonly redirectFrom: number;
  readonly app: number;
}

/** A project whose proxy listens at these ports, and the URL that belongs into a browser. */
async function proxied(over: Partial<Ports> = {}): Promise<{ project: ScratchProject; ports: Ports; url: string }> {
  const ports = { listen: await freePort(), redirectFrom: await freePort(), app: await freePort(), ...over };
  const { listen, redirectFrom, app } = ports;
  const proxy = { server: 'nginx', listen, redirectFrom, upstream: `http://127.0.0.1:${app}`, reload: false };
  const project = await applied({ ...DOCTOR_CONFIG, proxies: [proxy] });
  return { project, ports, url: `https://localhost:${listen}` };
}

const check = (project: ScratchProject, target: string) => examine(project, target, { isProxyCheck: true });

it('all of it passes, and the port is found where none is typed', async () => {
  const app = await serveAnswers({ accept: rightly });
  const { project, ports, url } = await proxied({ app });
  await serveAnswers({ accept: rightly }, pairOf(project), ports.listen);
  const headers = { location: `${url}${REDIRECT_PATH}` };
  await serveAnswers({ status: 308, headers }, undefined, ports.redirectFrom);
  const said = await check(project, 'localhost');
  expect(Object.entries(said).filter(([, { verdict }]) => verdict !== 'good')).toEqual([]);
  expect(Object.keys(said)).toHaveLength(11);
});

describe('proxy', () => {
  it('is bad at the port of the app, and in doubt at one of nobody', async () => {
    const { project, ports, url } = await proxied();
    const atApp = (await check(project, `localhost:${ports.app}`))['proxy'];
    expect(atApp).toEqual({ verdict: 'bad', codes: ['doctor-port-of-app'], fix: `type ${url}` });
    const elsewhere = (await check(project, `localhost:${await freePort()}`))['proxy'];
    expect(elsewhere).toMatchObject({ verdict: 'doubt', codes: ['doctor-port-of-nobody'] });
  });

  it('that does not run is named, with its configuration', async () => {
    const { project, url } = await proxied();
    expect((await check(project, url))['port']?.fix).toBe('start nginx with proxy/nginx.conf');
  });

  it('has nothing to say where none is declared', async () => {
    expect((await check(await applied(), 'localhost:1'))['proxy']).toMatchObject({ verdict: 'idle', codes: [] });
  });
});

describe('redirect', () => {
  const look = async (status: number, location: (url: string) => string | undefined) => {
    const { project, ports, url } = await proxied();
    const to = location(url);
    await serveAnswers({ status, headers: to === undefined ? {} : { location: to } }, undefined, ports.redirectFrom);
    return (await check(project, url))['redirect'];
  };

  it('is bad where plain HTTP is served, or leads elsewhere', async () => {
    expect(await look(200, () => undefined)).toMatchObject({ verdict: 'bad', codes: ['doctor-redirect-missing'] });
    expect(await look(308, (url) => url)).toMatchObject({ verdict: 'bad', codes: ['doctor-redirect-elsewhere'] });
    expect(await look(308, (url) => `${url}/rcssl-doctor/a/b?c=d`)).toMatchObject({ verdict: 'bad' });
  });

  it('is in doubt with a status that changes the method, and bad where nothing answers on a declared port', async () => {
    const status = await look(301, (url) => url + REDIRECT_PATH);
    expect(status).toMatchObject({ verdict: 'doubt', codes: ['doctor-redirect-status'] });
    const { project, ports, url } = await proxied();
    const dead = (await check(project, url))['redirect'];
    expect(dead).toMatchObject({ verdict: 'bad', codes: ['doctor-redirect-dead'] });
    expect(dead?.fix).toContain(`redirectFrom: ${ports.redirectFrom}`);
  });

  it('leads to the first of several ports, whichever was asked', async () => {
    const [first, second, redirectFrom] = [await freePort(), await freePort(), await freePort()];
    const proxy = { server: 'nginx', listen: [first, second], redirectFrom, reload: false };
    const project = await applied({ ...DOCTOR_CONFIG, proxies: [proxy] });
    const headers = { location: `https://localhost:${first}${REDIRECT_PATH}` };
    await serveAnswers({ status: 308, headers }, undefined, redirectFrom);
    expect((await check(project, `localhost:${second}`))['redirect']).toMatchObject({ verdict: 'good' });
  });

  it("forgives lighttpd's part the slash that it makes of %2F", async () => {
    const [listen, redirectFrom] = [await freePort(), await freePort()];
    const proxy = { server: 'lighttpd', listen, redirectFrom, reload: false, validate: false };
    const project = await applied({ ...DOCTOR_CONFIG, proxies: [proxy] });
    const headers = { location: `https://localhost:${listen}/rcssl-doctor/a/b?c=d` };
    await serveAnswers({ status: 308, headers }, undefined, redirectFrom);
    expect((await check(project, `localhost:${listen}`))['redirect']).toMatchObject({
      codes: ['doctor-redirect-decoded'],
    });
  });

  it('is good with path and query kept, and idle where no port of plain HTTP belongs to this one', async () => {
    expect(await look(308, (url) => url + REDIRECT_PATH)).toMatchObject({ verdict: 'good' });
    expect((await check(await applied(), 'localhost:1'))['redirect']).toMatchObject({
      codes: ['doctor-redirect-none'],
    });
  });
});

describe('websocket', () => {
  const look = async (front: Parameters<typeof serveAnswers>[0], behind: Parameters<typeof serveAnswers>[0]) => {
    const { project, ports, url } = await proxied({ app: await serveAnswers(behind) });
    await serveAnswers(front, pairOf(project), ports.listen);
    return (await check(project, `${url}/chat`))['websocket'];
  };

  it('is bad where the app opens one and the proxy does not', async () => {
    const said = await look({ status: 200 }, { accept: rightly });
    expect(said).toMatchObject({ verdict: 'bad', codes: ['doctor-upgrade-lost'] });
    expect(said?.fix).toContain('let nginx use proxy/nginx.conf');
  });

  it('asks the app that the path leads to, and nobody where a client certificate is wanted', async () => {
    const [dead, app, listen] = [await freePort(), await serveAnswers({ accept: rightly }), await freePort()];
    const routes = [{ path: '/dead', upstream: `http://127.0.0.1:${dead}` }];
    const proxy = { server: 'nginx', listen, upstream: `http://127.0.0.1:${app}`, routes, reload: false };
    const project = await applied({ ...DOCTOR_CONFIG, proxies: [proxy] });
    await serveAnswers({ status: 502 }, pairOf(project), listen);
    const at = async (path: string) => (await check(project, `https://localhost:${listen}${path}`))['websocket']?.codes;
    expect(await at('/dead/x')).toEqual(['doctor-upgrade-refused']);
    expect(await at('/deadline')).toEqual(['doctor-upgrade-lost']);
    project.configure({ ...DOCTOR_CONFIG, proxies: [{ ...proxy, clientAuth: true }] });
    expect(await at('/')).toEqual(['doctor-client-certificate']);
  });

  it('is bad where the answer is not that of a WebSocket server', async () => {
    expect(await look({ accept: () => 'nonsense' }, {})).toMatchObject({
      verdict: 'bad',
      codes: ['doctor-upgrade-wrong'],
    });
  });

  it('is in doubt where the app has none at the path, and good where it opens', async () => {
    expect(await look({ status: 404 }, { status: 404 })).toMatchObject({
      verdict: 'doubt',
      codes: ['doctor-upgrade-refused'],
    });
    expect(await look({ accept: rightly }, {})).toMatchObject({ verdict: 'good', codes: ['doctor-upgrade'] });
  });
});

describe('upstream', () => {
  it('is bad where the app does not live, asked without a server too', async () => {
    const { project, ports } = await proxied();
    const said = (await examine(project))['upstream'];
    expect(said).toMatchObject({ verdict: 'bad', codes: ['doctor-upstream-dead'] });
    expect(said?.fix).toContain(`http://127.0.0.1:${ports.app}`);
  });

  it('is in doubt where only containers know its name', async () => {
    const proxy = { server: 'nginx', upstream: 'http://rocketchat.invalid:3000', reload: false };
    const project = await applied({ ...DOCTOR_CONFIG, proxies: [proxy] });
    expect((await examine(project))['upstream']).toMatchObject({
      verdict: 'doubt',
      codes: ['doctor-upstream-unknown'],
    });
  });

  it('is good whatever it answers: it lives', async () => {
    const { project } = await proxied({ app: await serveAnswers({ status: 404 }) });
    expect((await examine(project))['upstream']).toMatchObject({ verdict: 'good' });
  });
});
