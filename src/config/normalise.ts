import { dirname, format as formatPath, join, parse as parsePath, resolve } from 'node:path';
import { DAY, parseDuration, type Duration } from '../kernel/duration.ts';
import type { OwnerId } from '../kernel/ids.ts';
import { foldedPath } from '../kernel/path.ts';
import { fileNameFor, nameKey, parseName, type AltName } from '../pki/names.ts';
import { REVERSE_PROXIES } from '../reverse-proxy/registry.ts';
import { hostId, normaliseProxy } from './normalise-proxies.ts';
import type { Draft, HostDraft, OutputDraft, Where } from './draft.ts';
import { normaliseHooks, writtenHooks } from './hooks.ts';
import type { CaConfig, HostConfig, Output, Subject, Usage } from './types.ts';
import type { UserCa, UserConfig, UserFolder, UserHost, UserOutput, UserSubject } from './user-config.ts';

/** The defaults of the Rocket.Chat guide; the descriptions of the schema say them too, and a test compares. */
export const DEFAULTS = {
  outDir: 'certs',
  ca: { name: 'Development Root', key: 'rsa-4096', validity: '1024d' },
  host: { key: 'rsa-2048', validity: '365d' },
} as const;

const LONGEST_NOTICE = 30 * DAY;

/** Fills in the defaults, parses names and durations, makes paths absolute. `kept` is the place of each host in the file. */
export function normalise(user: UserConfig, kept: readonly number[], where: Where): Draft {
  const root = dirname(where.file);
  const folder: UserFolder = typeof user.outDir === 'object' ? user.outDir : { path: user.outDir ?? DEFAULTS.outDir };
  const outDir = resolve(root, folder.path);
  const outputs: OutputDraft[] = [];
  const place: Place = ({ owner, host, artifact }, written, fallback) => {
    const inFull = typeof written === 'object' ? written : { path: written ?? fallback };
    const file = resolve(root, inFull.path);
    const at = host ?? 'ca';
    const path = written === undefined ? at : `${at}.output${artifact === undefined ? '' : `.${artifact}`}`;
    outputs.push({ owner, host, path, file, folded: foldedPath(file), user: written });
    return { path: file, mode: modeOf(inFull.mode), group: inFull.group };
  };
  const ca = normaliseCa(user.ca ?? {}, place);
  const hosts = user.hosts.map((host, index) =>
    normaliseHost(user, host, `hosts[${kept[index] ?? index}]`, outDir, place),
  );
  const declared = hosts.flatMap(({ config }) => config?.id ?? []);
  const proxies = (user.proxies ?? []).map((proxy, index) =>
    normaliseProxy(proxy, index, {
      root,
      hosts: declared,
      servers: hosts.flatMap(({ config }) => (config?.usage.includes('server') ? config.id : [])),
      put: ({ owner, at }, written, fallback) => place({ owner, host: at, artifact: undefined }, written, fallback),
    }),
  );
  const config = {
    file: where.file,
    root,
    outDir: { path: outDir, mode: modeOf(folder.mode), group: folder.group },
    ca,
    hosts: hosts.flatMap((host) => host.config ?? []),
    trust: user.trust?.stores,
    hooks: normaliseHooks(writtenHooks(user, hosts, outputs), root),
    proxies: proxies.map((proxy) => proxy.config),
  };
  return { user, config, hosts, proxies, outputs, project: where.project ?? root };
}

interface Slot {
  readonly owner: OwnerId;
  readonly host: string | undefined;
  /** Undefined where there is one output alone. */
  readonly artifact: string | undefined;
}

/** Resolves an output and notes it for the rules; `fallback` is the path where none is written. */
type Place = (slot: Slot, written: string | UserOutput | undefined, fallback: string) => Output;

function normaliseCa(user: UserCa, place: Place): CaConfig {
  const { key, cert } = user.output ?? {};
  const validity = durationOf(user.validity ?? DEFAULTS.ca.validity);
  const name = user.name ?? DEFAULTS.ca.name;
  const id: OwnerId = `ca:${name}`;
  const keyOutput = key === undefined ? undefined : place({ owner: id, host: undefined, artifact: 'key' }, key, '');
  const certSlot = { owner: id, host: undefined, artifact: 'cert' };
  // A key in the project has its certificate beside it; without either the root lives in the user's data folder.
  const besideKey = keyOutput && { ...parsePath(keyOutput.path), base: '', ext: '.crt' };
  return {
    id,
    name,
    key: user.key ?? DEFAULTS.ca.key,
    validity,
    renewBefore: renewBeforeOf(user.renewBefore, validity),
    subject: subjectOf(user.subject),
    passphrase: user.passphrase,
    constraints: user.constraints === 'none' ? 'none' : { permit: permitsOf(user.constraints) },
    output: {
      key: keyOutput,
      cert: cert === undefined && !besideKey ? undefined : place(certSlot, cert, formatPath(besideKey ?? {})),
    },
  };
}

function permitsOf(constraints: UserCa['constraints']): string[] {
  return typeof constraints === 'object' ? constraints.permit : [];
}

function normaliseHost(
  user: UserConfig,
  written: string | UserHost,
  path: string,
  outDir: string,
  place: Place,
): HostDraft {
  const own = typeof written === 'string' ? { name: written } : written;
  const defaults = user.defaults ?? {};
  const host = { ...defaults, ...definedOf(own) };
  const placeOf = (key: keyof UserHost): string => {
    if (typeof written !== 'string' && written[key] !== undefined) return `${path}.${key}`;
    return key in defaults ? `defaults.${key}` : path;
  };
  const parsed = parseName(host.name);
  if (!('name' in parsed)) return { path, user: host, config: undefined, placeOf };
  const id: OwnerId = `host:${parsed.name.value}`;
  const layout = host.layout ?? 'files';
  const fileName = fileNameFor(parsed.name);
  const stem = layout === 'atomic' ? join(outDir, fileName, fileName) : join(outDir, fileName);
  const { key, csr, cert, fullchain, combined, pfx } = host.output ?? {};
  const put = (artifact: string, written: string | UserOutput | undefined, ending: string): Output =>
    place({ owner: id, host: path, artifact }, written, stem + ending);
  const validity = durationOf(host.validity ?? DEFAULTS.host.validity);
  const usage = [...new Set(host.usage ?? ['server' as const])];
  const config: HostConfig = {
    id,
    name: host.name,
    names: namesOf(parsed.name, host.altNames ?? []),
    lan: host.lan ?? false,
    key: host.key ?? DEFAULTS.host.key,
    validity,
    renewBefore: renewBeforeOf(host.renewBefore, validity),
    reuseKey: host.reuseKey ?? true,
    layout,
    usage,
    subject: subjectOf(host.subject),
    output: {
      key: put('key', key, '.key'),
      cert: put('cert', cert, '.crt'),
      csr: csr === false ? undefined : put('csr', csr, '.csr'),
      fullchain: fullchain === false ? undefined : put('fullchain', fullchain, '.fullchain.pem'),
      combined:
        combined !== undefined || wants(user, id, usage, 'combined') ? put('combined', combined, '.pem') : undefined,
      pfx: pfx !== undefined || wants(user, id, usage, 'pfx') ? put('pfx', pfx, '.pfx') : undefined,
    },
  };
  return { path, user: host, config, placeOf };
}

/** A proxy serves it that wants key and chain in one file. */
function wants({ proxies = [] }: UserConfig, id: OwnerId, usage: readonly Usage[], what: 'combined' | 'pfx'): boolean {
  const serves = (names: readonly string[] | undefined): boolean =>
    names ? names.some((name) => hostId(name) === id) : usage.includes('server');
  return proxies.some(({ server, hosts }) => REVERSE_PROXIES[server].also === what && serves(hosts));
}

/** A key that is there and undefined, as code writes it, is as good as absent. */
function definedOf(own: UserHost): UserHost {
  const defined = Object.entries(own).filter(([, value]) => value !== undefined);
  return { name: own.name, ...Object.fromEntries(defined) };
}

/** Without duplicates, as clients compare names. Those that are none are the rules' part. */
function namesOf(first: AltName, others: readonly string[]): AltName[] {
  const names = new Map([[nameKey(first), first]]);
  for (const text of others) {
    const parsed = parseName(text);
    if ('name' in parsed && !names.has(nameKey(parsed.name))) names.set(nameKey(parsed.name), parsed.name);
  }
  return [...names.values()];
}

/** The schema has seen to it that it is one. */
function durationOf(text: string): Duration {
  return parseDuration(text) ?? 0;
}

/** A third of the validity suits short ones (facts: a fixed 30 days before the end of a 6-day certificate is a loop). */
function renewBeforeOf(text: string | undefined, validity: Duration): Duration {
  return text === undefined ? Math.min(LONGEST_NOTICE, Math.floor(validity / 3)) : durationOf(text);
}

function modeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number.parseInt(text, 8);
}

function subjectOf(subject: UserSubject | undefined): Subject {
  const defined = Object.entries(subject ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined);
}
