import type { CaConfig, Config, HostConfig, Output } from '../config/types.ts';
import { dirname, join, sep } from 'node:path';
import type { Machine } from '../kernel/ports.ts';
import { widen, subtreeFor, parsePermit, DEVELOPMENT } from '../pki/constraints.ts';
import { signatureAlgorithmFor } from '../pki/key-kinds.ts';
import { nameKey, parseName, type AltName } from '../pki/names.ts';
import { rootFolder } from './root-folder.ts';
import type { ArtifactBase, Desired, DesiredCa, DesiredHost, FolderRights, RootProfile } from './types.ts';

/** RFC 5280 appendix A.1, ub-common-name. */
const COMMON_NAME_LIMIT = 64;
const KEY_MODE = 0o600;
export const PUBLIC_MODE = 0o644;

/**
 * Config → the artifacts that should exist. Pure: what this machine is called comes in as an argument. The proxies, which
 * most have none of, are added by `withProxies`.
 */
export function desiredFrom(config: Config, configFile: string, machine: Machine): Desired {
  const signature = signatureAlgorithmFor(config.ca.key);
  const place = placer(config.outDir);
  const hosts = config.hosts
    .map((host) => desiredHost(host, machine, signature, place))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const ca = desiredCa(
    config.ca,
    hosts.flatMap((host) => host.certificate.profile.names),
    machine,
    signature,
    place,
  );
  return { root: config.root, configFile, outDir: config.outDir, ca, hosts, proxies: [] };
}

function desiredCa(
  ca: CaConfig,
  declared: readonly AltName[],
  machine: Machine,
  signature: string,
  place: Place,
): DesiredCa {
  const sharedFolder = ca.output.key ? undefined : rootFolder(machine.dataFolder, ca.name);
  const shared = (file: string): Output => ({
    path: join(sharedFolder ?? '', file),
    mode: undefined,
    group: undefined,
  });
  const key = ca.output.key ?? shared('root.key');
  const certificate = sharedFolder === undefined && ca.output.cert ? ca.output.cert : shared('root.crt');
  const copy = sharedFolder === undefined ? undefined : ca.output.cert;
  return {
    id: ca.id,
    name: ca.name,
    sharedFolder,
    key: { artifact: 'key', owner: ca.id, ...place(key, KEY_MODE), keyKind: ca.key, passphrase: ca.passphrase },
    certificate: {
      artifact: 'certificate',
      owner: ca.id,
      ...place(certificate, PUBLIC_MODE),
      profile: {
        commonName: ca.name,
        subject: ca.subject,
        validity: ca.validity,
        renewBefore: ca.renewBefore,
        signature,
        constraints: constraintsFor(ca, declared),
      },
    },
    copy: copy && { artifact: 'copy', owner: ca.id, ...place(copy, PUBLIC_MODE) },
  };
}

/** The development namespaces, what is declared, and what the configuration permits in advance. */
function constraintsFor(ca: CaConfig, declared: readonly AltName[]): RootProfile['constraints'] {
  if (ca.constraints === 'none') return undefined;
  const permits = ca.constraints.permit.map(parsePermit);
  const subtrees = [...declared.map(subtreeFor), ...permits].filter((subtree) => subtree !== undefined);
  const dns = subtrees.flatMap((subtree) => ('dns' in subtree && subtree.dns ? [subtree.dns] : []));
  const ip = subtrees.flatMap((subtree) => ('ip' in subtree && subtree.ip ? [subtree.ip] : []));
  return widen(DEVELOPMENT, { dns, ip });
}

function desiredHost(host: HostConfig, machine: Machine, signature: string, place: Place): DesiredHost {
  const names = host.lan ? withMachine(host.names, machine) : host.names;
  const { output, subject, usage, validity, renewBefore } = host;
  const commonName = commonNameOf(names);
  const profile = {
    commonName: takesName(names) ? commonName : undefined,
    subject,
    names,
    usage,
    validity,
    renewBefore,
    signature,
  };
  const base = <A extends string>(artifact: A, to: Output, mode: number) => ({
    artifact,
    owner: host.id,
    ...place(to, mode),
    link: host.layout === 'atomic' ? dirname(output.key.path) : undefined,
  });
  return {
    id: host.id,
    name: host.name,
    reuseKey: host.reuseKey,
    lan: host.lan,
    key: { ...base('key', output.key, KEY_MODE), keyKind: host.key, passphrase: undefined },
    certificate: { ...base('certificate', output.cert, PUBLIC_MODE), profile },
    csr: output.csr && { ...base('csr', output.csr, PUBLIC_MODE), profile: { commonName, subject, names } },
    fullchain: output.fullchain && base('fullchain', output.fullchain, PUBLIC_MODE),
    combined: output.combined && base('combined', output.combined, KEY_MODE),
    pfx: output.pfx && base('pfx', output.pfx, KEY_MODE),
  };
}

/** The first name, as the guide has it; left out where it is longer than a common name may be. */
function commonNameOf(names: readonly AltName[]): string | undefined {
  const first = names[0]?.value ?? '';
  return first.length <= COMMON_NAME_LIMIT ? first : undefined;
}

/**
 * OpenSSL and GnuTLS hold a common name that looks like a host against the root's constraints on domains where no DNS
 * name stands beside it: an address there would have the certificate refused. A request for one has it all the same.
 */
function takesName(names: readonly AltName[]): boolean {
  return names[0]?.type !== 'ip' || names.some(({ type }) => type === 'dns');
}

function withMachine(names: readonly AltName[], machine: Machine): AltName[] {
  const found = [...(machine.localName ? [machine.localName] : []), ...machine.addresses].flatMap((text) => {
    const parsed = parseName(text);
    return 'name' in parsed ? [parsed.name] : [];
  });
  return [...new Map([...names, ...found].map((name) => [nameKey(name), name])).values()];
}

export type Place = (output: Output, mode: number) => Pick<ArtifactBase, 'path' | 'mode' | 'group' | 'folder' | 'link'>;

/** Resolves the rights of outputs, and of the folders that are made for those under `outDir`. */
export function placer(outDir: Output): Place {
  const usual: FolderRights = { mode: undefined, group: undefined };
  const own: FolderRights = { mode: outDir.mode, group: outDir.group };
  return ({ path, mode, group }, standard) => {
    const folder = path.startsWith(outDir.path + sep) ? own : usual;
    return { path, mode: mode ?? standard, group, folder, link: undefined };
  };
}
