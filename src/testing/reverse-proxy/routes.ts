import { startApp } from './app.ts';
import { ask, openWebSocket, type Reached } from './client.ts';
import { HOST } from './check.ts';
import { runSite } from './site.ts';
import type { RunServer } from './servers.ts';

export const ROUTE_CHECKS = [
  'each client stays with one of several instances, by request and WebSocket',
  'a path goes to its own upstream, a longer word that begins so does not',
] as const;

const CLIENTS = 12;

/** Two instances of an app, another one below `/api`; gives what went wrong. */
export async function routes(server: RunServer): Promise<string[]> {
  const [first, second, api] = [await startApp(), await startApp(), await startApp()];
  const url = ({ port }: { port: number }): string => `http://127.0.0.1:${port}`;
  const { at } = await runSite(server, {
    upstream: [url(first), url(second)],
    routes: [{ path: '/api', upstream: url(api) }],
  });
  const [sticky, byPath] = ROUTE_CHECKS;
  const wrong: string[] = [];
  const used = new Set<number>();
  for (let n = 1; n <= CLIENTS; n++) {
    // A client is an address and its cookies: servers know it by one or the other.
    const seen = await visits({ ...at, from: `127.${n * 20}.${n}.1` });
    if (new Set(seen).size !== 1) wrong.push(`${sticky}: client ${n} met ${seen.join(', ')}`);
    for (const port of seen) used.add(port);
  }
  if (!used.has(first.port) || !used.has(second.port) || used.size > 2) wrong.push(`${sticky}: only one was used`);
  for (const [path, expected] of [
    ['/api', [api.port]],
    ['/api/x%2Fy?z=1', [api.port]],
    ['/apis', [first.port, second.port]],
    ['/', [first.port, second.port]],
  ] as const) {
    const port = instanceOf((await ask(at, { host: HOST, path })).body);
    if (!expected.includes(port)) wrong.push(`${byPath}: ${path}`);
  }
  if ((await socketInstance(at, '/api/who', {})) !== api.port) wrong.push(`${byPath}: a WebSocket`);
  return wrong;
}

/** The instances that a client meets: two requests, and three WebSockets one after another. */
async function visits(at: Reached): Promise<number[]> {
  const entry = await ask(at, { host: HOST });
  const jar = (entry.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
  const headers: Record<string, string> = jar === '' ? {} : { Cookie: jar };
  const seen = [instanceOf(entry.body), instanceOf((await ask(at, { host: HOST, headers })).body)];
  for (let time = 0; time < 3; time++) seen.push(await socketInstance(at, '/who', headers));
  return seen;
}

function instanceOf(body: string): number {
  return (JSON.parse(body) as { instance: number }).instance;
}

async function socketInstance(at: Reached, path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const open = await openWebSocket(at, HOST, path, headers);
  const { payload } = await open.echo({ kind: 1, payload: Buffer.from('who') });
  open.close();
  return Number(payload.toString());
}
