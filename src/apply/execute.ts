import { fail } from '../diagnostics/diagnostic.ts';
import type { Inventory } from '../inventory/types.ts';
import { localCa, selfSigned } from '../issuers/local-ca.ts';
import type { Issuer } from '../issuers/issuer.ts';
import type { Instant } from '../kernel/instant.ts';
import type { OwnerId } from '../kernel/ids.ts';
import type { World } from '../kernel/ports.ts';
import { readCertificate, readCertificates } from '../pki/certificate-read.ts';
import { encodeKey } from '../pki/keys.ts';
import { encodePem } from '../pki/pem.ts';
import { writePfx } from '../pki/pfx.ts';
import { createRequest } from '../pki/request.ts';
import { placeOf } from '../plan/actions.ts';
import type { Action, CaPlan, HostPlan, Plan, ProxyPlan } from '../plan/types.ts';
import { isEncrypted, keyFor, once, type KeyResult } from './keyring.ts';
import type { Unit } from './types.ts';
import { unitOf, type Output } from './unit.ts';

const LIMIT = 4 * 1024 * 1024;

export interface Execution {
  readonly world: World;
  /** Relative references in the configuration resolve against it. */
  readonly root: string;
  readonly inventory: Inventory;
  readonly now: Instant;
  readonly signal: AbortSignal | undefined;
}

/** A step that a display may show: its owner, and the promise of its files. */
export interface Step {
  readonly owner: OwnerId;
  readonly name: string;
  readonly done: Promise<Unit>;
}

/**
 * Starts everything that the plan asks for. Nothing is written: the steps give the files, the transaction puts them in
 * place. What has to be asked for is asked first, before anything is drawn and before a key costs its seconds.
 */
export async function execute(plan: Plan, run: Execution): Promise<Step[]> {
  const root = rootMaker(plan.ca, run);
  const signs = issues(plan.ca.certificate) || plan.hosts.some(({ certificate }) => issues(certificate));
  if (signs || isWork(plan.ca.key)) await root.unlock();
  const steps: Step[] = [];
  const { signal } = run;
  const add = ({ id: owner, name }: CaPlan | HostPlan | ProxyPlan, made: Promise<Unit>): void =>
    void steps.push({ owner, name, done: signal ? untilAborted(made, signal) : made });
  if (changes(plan.ca)) add(plan.ca, root.unit());
  const slot = slots(CONCURRENCY);
  for (const host of plan.hosts.filter(changes))
    add(
      host,
      slot(() => makeHost(host, root.issuer, run)),
    );
  for (const proxy of plan.proxies.filter(({ files, copy }) =>
    [...files, copy].some((action) => action && isWork(action)),
  ))
    add(proxy, makeProxy(proxy, root.pem, run));
  // A failure is looked at when its step is awaited; until then it must not count as unhandled.
  for (const { done } of steps) done.catch(() => undefined);
  return steps;
}

/** Whoever wants to stop does not wait for keys that are being made: nothing of them is written. */
function untilAborted<T>(made: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return Promise.race([made, aborted]).finally(() => signal.removeEventListener('abort', stop));
}

/**
 * libuv has four threads for keys and signatures: as many hosts keep them busy, and one more has its next key ready. More
 * would only stand in the way of an end, which waits for what the threads have been given.
 */
const CONCURRENCY = 5;

function slots(count: number): <T>(run: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

function changes(owner: CaPlan | HostPlan): boolean {
  const derived = 'csr' in owner ? [owner.csr, owner.fullchain, owner.combined, owner.pfx] : [(owner as CaPlan).copy];
  return [owner.key, owner.certificate, ...derived].some((action) => action !== undefined && isWork(action));
}

function isWork({ kind }: Action): boolean {
  return kind === 'create' || kind === 'replace' || kind === 'rewrite';
}

function issues({ kind }: Action): boolean {
  return kind === 'create' || kind === 'replace';
}

interface RootMaker {
  /** Opens the key that is there, or gets the passphrase that a new one is locked with. */
  unlock(): Promise<void>;
  unit(): Promise<Unit>;
  /** Its certificate. */
  pem(): Promise<Buffer>;
  issuer(): Promise<Issuer>;
}

function holdsEncryptedKey({ key }: CaPlan, { world }: Execution): boolean {
  if (issues(key)) return false;
  const bytes = world.files.read(placeOf(key), LIMIT);
  return bytes !== undefined && isEncrypted(bytes);
}

/** The root's key and certificate, made or read at most once, and only when something is to be signed or written. */
function rootMaker(ca: CaPlan, run: Execution): RootMaker {
  const { passphrase: reference } = ca.key.target;
  const { world, root: cwd } = run;
  const fresh = !holdsEncryptedKey(ca, run);
  const passphrase = once(
    async () =>
      reference && world.secrets.resolve(reference, { what: `root ${ca.name}`, cwd, fresh, signal: run.signal }),
  );
  const key = once(() => keyFor(ca.key, passphrase, world.files));
  const certificate = once(() => rootCertificate(ca, key, run));
  const encoded = async (): Promise<Buffer> => Buffer.from(encodePem('CERTIFICATE', await certificate()));
  return {
    unlock: async () => void (issues(ca.key) ? await passphrase() : await key()),
    async unit() {
      const needsKey = isWork(ca.key) || issues(ca.certificate);
      const made: KeyResult | undefined = needsKey ? await key() : undefined;
      const pem = await encoded();
      const outputs: Output[] = [{ action: ca.certificate, bytes: pem }];
      if (made?.encoded) outputs.unshift({ action: ca.key, bytes: made.encoded.reveal(), pair: made.pair });
      if (ca.copy) outputs.push({ action: ca.copy, bytes: pem });
      return unitOf(
        ca.id,
        outputs.filter(({ action }) => isWork(action)),
        run.inventory,
      );
    },
    pem: encoded,
    issuer: once(async () => {
      const { pair } = await key();
      const der = await certificate();
      if (readCertificate(der).publicKey !== pair.publicKey)
        fail('root-key-mismatch', {}, { file: ca.key.target.path });
      return localCa({ certificate: der, key: pair }, run.now);
    }),
  };
}

async function rootCertificate(ca: CaPlan, key: () => Promise<KeyResult>, run: Execution): Promise<Buffer> {
  const { certificate } = ca;
  if (!issues(certificate))
    return firstCertificate(certificate.kind === 'rewrite' ? certificate.from : certificate.target.path, run);
  const { pair } = await key();
  const { profile } = certificate.target;
  const previous = ca.previous?.facts.publicKey === pair.publicKey ? ca.previous : undefined;
  return selfSigned(profile, pair, run.now, previous);
}

async function makeHost(host: HostPlan, issuer: () => Promise<Issuer>, run: Execution): Promise<Unit> {
  run.signal?.throwIfAborted();
  const outputs: Output[] = [];
  const { key, certificate, csr, fullchain, combined, pfx } = host;
  const needsKey = [key, csr, combined, pfx].some((action) => action && isWork(action)) || issues(certificate);
  const made = needsKey ? await keyFor(key, async () => undefined, run.world.files) : undefined;
  run.signal?.throwIfAborted();
  if (made?.encoded) outputs.push({ action: key, bytes: made.encoded.reveal(), pair: made.pair });
  if (csr && isWork(csr) && made) {
    const der = await createRequest({ key: made.pair, ...csr.target.profile });
    outputs.push({ action: csr, bytes: Buffer.from(encodePem('CERTIFICATE REQUEST', der)) });
  }
  const chain = await chainOf(host, issuer, made, run);
  const [leaf] = chain;
  if (isWork(certificate)) outputs.push({ action: certificate, bytes: Buffer.from(encodePem('CERTIFICATE', leaf)) });
  const pem = Buffer.from(chain.map((der) => encodePem('CERTIFICATE', der)).join(''));
  if (fullchain && isWork(fullchain)) outputs.push({ action: fullchain, bytes: pem });
  if (combined && isWork(combined) && made) {
    const encoded = made.encoded ?? (await encodeKey(made.pair));
    outputs.push({ action: combined, bytes: Buffer.concat([pem, encoded.reveal()]) });
  }
  if (pfx && isWork(pfx) && made) {
    const bytes = await writePfx(chain, made.pair.privateKey);
    outputs.push({ action: pfx, bytes: bytes.reveal() });
  }
  return unitOf(host.id, outputs, run.inventory);
}

async function makeProxy(
  { id, files, copy }: ProxyPlan,
  rootPem: () => Promise<Buffer>,
  { inventory }: Execution,
): Promise<Unit> {
  const outputs = files.filter(isWork).map((action): Output => ({ action, bytes: Buffer.from(action.target.text) }));
  if (copy && isWork(copy)) outputs.unshift({ action: copy, bytes: await rootPem() });
  return unitOf(id, outputs, inventory);
}

async function chainOf(
  { certificate }: HostPlan,
  issuer: () => Promise<Issuer>,
  made: KeyResult | undefined,
  run: Execution,
): Promise<readonly [Buffer, ...Buffer[]]> {
  if (issues(certificate) && made) {
    return (await issuer()).issue({ profile: certificate.target.profile, key: made.pair });
  }
  return [firstCertificate(certificate.kind === 'rewrite' ? certificate.from : certificate.target.path, run)];
}

function firstCertificate(path: string, { world }: Execution): Buffer {
  const bytes = world.files.read(path, LIMIT);
  const first = bytes && readCertificates(bytes)[0];
  return first ? first.der : fail('certificate-unreadable', {}, { file: path });
}
