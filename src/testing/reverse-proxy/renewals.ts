import { X509Certificate } from 'node:crypto';
import { applyProject } from '../../engine/apply.ts';
import type { World } from '../../kernel/ports.ts';
import { ask, handshake, openWebSocket, type Reached } from './client.ts';
import { HOST } from './check.ts';
import type { RunningSite } from './site.ts';

export const RENEWAL_CHECKS = [
  'requests during renewals',
  'WebSockets that are open during renewals',
  'the new certificate after each renewal',
] as const;

/** Renews while requests run and sockets are open; gives what went wrong, and what failed requests were told. */
export async function renewals(
  { at, project, running }: RunningSite,
  { times, requests, sockets }: { readonly times: number; readonly requests: number; readonly sockets: number },
): Promise<{ readonly wrong: string[]; readonly told: readonly string[] }> {
  const [during, open, after] = RENEWAL_CHECKS;
  // Before the reload, not after the apply: the test may be root, and the server is not.
  const hooks: World['hooks'] = () => {
    running.handOver();
    return project.world.hooks();
  };
  const world = { ...project.world, hooks };
  const wrong: string[] = [];
  const all = await Promise.all(Array.from({ length: sockets }, () => openWebSocket(at, HOST)));
  let asked = 0;
  const told: string[] = [];
  const until = { done: false };
  const worker = async (): Promise<void> => {
    while (!until.done || asked < requests) {
      asked += 1;
      await ask(at, { host: HOST }).then(
        ({ status }) => void (status === 200 || told.push(`status ${status}`)),
        (error: Error) => void told.push(error.message),
      );
    }
  };
  const workers = Array.from({ length: 4 }, worker);
  let stale = 0;
  for (let time = 0; time < times; time++) {
    const { ran } = await applyProject(world, { cwd: project.folder, durable: false, force: [HOST] });
    if (!ran.every(({ ok }) => ok)) wrong.push(`reload: ${JSON.stringify(ran)}`);
    const wanted = new X509Certificate(project.read(`certs/${HOST}.crt`)).fingerprint256;
    if (!(await shows(at, wanted))) stale += 1;
  }
  until.done = true;
  await Promise.all(workers);
  const echoed = await Promise.allSettled(
    all.map(async (one) => {
      if (one.socket.destroyed) throw new Error('closed');
      await one.echo({ kind: 1, payload: Buffer.from('still there') });
    }),
  );
  for (const one of all) one.close();
  const cut = echoed.filter(({ status }) => status === 'rejected').length;
  if (told.length > 0) wrong.push(`${during}: ${told.length * 20 > asked ? 'many' : 'some'} failed`);
  if (cut > 0) wrong.push(`${open}: cut`);
  if (stale > 0) wrong.push(`${after}: not within ten seconds`);
  return { wrong, told };
}

/** Within ten seconds it is the only one; two generations of a server accept side by side for a moment. */
async function shows(at: Reached, fingerprint: string): Promise<boolean> {
  let inARow = 0;
  for (let tries = 0; tries < 100 && inARow < 10; tries++) {
    inARow = (await shown(at)) === fingerprint ? inARow + 1 : 0;
    if (inARow === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return inARow === 10;
}

async function shown(at: Reached): Promise<string | undefined> {
  const socket = await handshake(at, HOST).catch(() => undefined);
  const found = socket && new X509Certificate(socket.getPeerCertificate().raw).fingerprint256;
  socket?.destroy();
  return found;
}
