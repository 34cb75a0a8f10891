import { readCertificates } from '../pki/certificate-read.ts';
import type { CertificateFacts } from '../pki/facts.ts';
import { PkiError } from '../pki/keys.ts';
import { nameKey, parseName } from '../pki/names.ts';
import { diagnostic, fail, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { DesiredHost } from '../desired/types.ts';
import type { FileState, Inventory } from '../inventory/types.ts';
import type { World } from '../kernel/ports.ts';
import { Secret } from '../kernel/secret.ts';
import { placeOf } from '../plan/actions.ts';
import type { CaPlan } from '../plan/types.ts';
import { resultOf } from './plan.ts';
import { look, openProject, planOptions } from './project.ts';
import { systemError } from './system-errors.ts';
import type { ProjectOptions } from './types.ts';

const LIMIT = 1024 * 1024;

/** The root's certificate, to be handed to devices. */
export interface EnrolmentRoot {
  readonly name: string;
  readonly der: Buffer;
  readonly facts: CertificateFacts;
  /** Absolute. */
  readonly path: string;
}

/** Whether a server can show that a device trusts the root. */
export type CheckHost =
  /** `name` is the declared one that leads to this machine; `chain` is PEM, the server's own first. */
  | {
      readonly state: 'ready';
      readonly host: string;
      readonly name: string;
      readonly key: Secret;
      readonly chain: string;
    }
  /** It is declared, and its files are not what they should be: an apply makes them. */
  | { readonly state: 'unmade'; readonly host: string; readonly name: string }
  /** No host declares any of these names. */
  | { readonly state: 'undeclared'; readonly names: readonly string[] };

export interface Enrolment {
  /** The folder of the configuration: paths are shown relative to it. */
  readonly folder: string;
  readonly root: EnrolmentRoot;
  readonly diagnostics: readonly Diagnostic[];
  /** The first of these names (addresses, `.local`) that a declared host has decides. Reads that host's key. */
  checkHost(names: readonly string[]): CheckHost;
}

/**
 * What is needed to have devices trust the root: its certificate, and a host of it to check with. Reads only.
 * Throws `enrol-root-missing`, `enrol-root-blocked`, `enrol-root-replaced` and those of the configuration.
 */
export async function openEnrolment(world: World, options: ProjectOptions): Promise<Enrolment> {
  const project = await openProject(world, options);
  const { inventory, plan } = look(world, project, planOptions(project, options));
  const { root: folder, diagnostics } = resultOf(world, project, inventory, plan);
  const root = rootOf(world, plan.ca, inventory);
  if (plan.ca.certificate.kind === 'blocked') fail('enrol-root-blocked', { name: root.name }, { file: root.path });
  // Whoever enrols today would have to do it again after the next apply.
  if (plan.ca.replacesRoot) fail('enrol-root-replaced', { name: root.name }, { file: root.path });
  const renewal = plan.ca.renewsRoot ? [diagnostic('enrol-root-renewed', { name: root.name })] : [];
  return {
    folder,
    root,
    diagnostics: [...diagnostics, ...renewal],
    checkHost: (names) => checkHost(world, project.desired.hosts, inventory, root, names),
  };
}

function rootOf({ files }: World, ca: CaPlan, inventory: Inventory): EnrolmentRoot {
  const path = placeOf(ca.certificate);
  if (inventory.files.get(ca.certificate.target.path)?.state === 'missing' && ca.certificate.kind === 'create') {
    fail('enrol-root-missing', { name: ca.name });
  }
  try {
    const first = readCertificates(files.read(path, LIMIT) ?? Buffer.alloc(0))[0];
    if (first) return { name: ca.name, path, ...first };
  } catch (error) {
    if (!(error instanceof PkiError)) return systemError(error);
  }
  return fail('certificate-unreadable', {}, { file: path });
}

function checkHost(
  world: World,
  hosts: readonly DesiredHost[],
  inventory: Inventory,
  root: EnrolmentRoot,
  names: readonly string[],
): CheckHost {
  for (const name of names) {
    for (const host of hosts.filter(({ certificate }) => hasName(certificate.profile, name))) {
      const pair = pairOf(world, host, inventory, root, name);
      return pair ? { state: 'ready', host: host.name, name, ...pair } : { state: 'unmade', host: host.name, name };
    }
  }
  return { state: 'undeclared', names };
}

function hasName({ names }: Pick<CertificateFacts, 'names'>, text: string): boolean {
  const parsed = parseName(text);
  return 'name' in parsed && names.some((name) => nameKey(name) === nameKey(parsed.name));
}

/** The pair as it is on the disk, if it would pass under this root and this name now. */
function pairOf(
  { files }: World,
  { key, certificate, fullchain }: DesiredHost,
  { files: states, at }: Inventory,
  root: EnrolmentRoot,
  name: string,
): { readonly key: Secret; readonly chain: string } | undefined {
  const [keyFacts, signed] = [keyOf(states.get(key.path)), certificateOf(states.get(certificate.path))];
  if (!signed || keyFacts?.publicKey !== signed.facts.publicKey || signed.signer !== root.facts.publicKey) return;
  if (at < signed.facts.notBefore || at > signed.facts.notAfter || !hasName(signed.facts, name)) return;
  const whole = fullchain && certificateOf(states.get(fullchain.path))?.facts.fingerprint === signed.facts.fingerprint;
  const [keyBytes, chain] = [files.read(key.path, LIMIT), files.read((whole ? fullchain : certificate).path, LIMIT)];
  return keyBytes && chain && { key: new Secret(keyBytes), chain: chain.toString('latin1') };
}

function keyOf(state: FileState | undefined) {
  return state?.state === 'file' && state.content.type === 'key' ? state.content.facts : undefined;
}

function certificateOf(state: FileState | undefined) {
  if (state?.state !== 'file' || state.content.type !== 'certificates') return undefined;
  return { facts: state.content.certificates[0], signer: state.content.signer };
}
