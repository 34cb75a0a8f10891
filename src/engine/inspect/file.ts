import { diagnostic, fail, RcsslError, type Diagnostic, type Place } from '../../diagnostics/diagnostic.ts';
import type { OwnerId } from '../../kernel/ids.ts';
import { formatMode } from '../../kernel/mode.ts';
import { ReadFault, type World } from '../../kernel/ports.ts';
import { certifies } from '../../pki/certifies.ts';
import { decode, type Unlock } from './decode.ts';
import { judge } from './judge.ts';
import { actionsFor, declared, declaredActions, firstCertificate, matchOwned, matchPath } from './match.ts';
import type { Project } from './project.ts';
import type { InspectResult, Item, Match, Source } from './types.ts';

/** Certificates and keys are small; a bundle of every public root is a quarter of this. */
const LIMIT = 4 * 1024 * 1024;

export type Found = Pick<InspectResult, 'source' | 'items' | 'matches' | 'diagnostics'>;

interface Located {
  readonly path: string;
  /** The owner that was asked for instead of the file. */
  readonly owner: OwnerId | undefined;
}

interface FileOptions {
  readonly cwd: string;
  readonly passphraseEnv?: string;
}

/** Reads one file. Throws `inspect-unreadable`, `inspect-nothing-known` and the passphrase errors. */
export async function inspectFile(
  world: World,
  { path, owner }: Located,
  project: Project | undefined,
  options: FileOptions,
): Promise<Found> {
  const place = { file: path };
  const { container, items, certificates, diagnostics } = await decode(
    readBytes(world, path),
    await unlockFor(world, path, options),
    place,
  );
  if (items.length === 0) throw new RcsslError([...diagnostics, diagnostic('inspect-nothing-known', {}, place)]);
  const source: Source = owner ? { kind: 'owner', id: owner, path, container } : { kind: 'file', path, container };
  return {
    source,
    items,
    matches: [
      ...pairMatches(items),
      ...orderMatches(certificates),
      ...(project ? projectMatches(world, project, { path, owner }, items, certificates) : []),
    ],
    diagnostics: [
      ...diagnostics,
      ...items.flatMap((item) => (item.kind === 'certificate' ? judge(item.facts, world.clock.now(), place) : [])),
      ...keyExposed(world, items, path, project),
    ],
  };
}

function readBytes(world: World, path: string): Buffer {
  try {
    return world.files.read(path, LIMIT) ?? fail('inspect-unreadable', { why: 'ENOENT' }, { file: path });
  } catch (error) {
    if (!(error instanceof ReadFault)) throw error;
    return fail('inspect-unreadable', { why: error.code }, { file: path });
  }
}

async function unlockFor(world: World, path: string, { cwd, passphraseEnv }: FileOptions): Promise<Unlock> {
  const purpose = { what: path, cwd };
  return {
    given: passphraseEnv === undefined ? undefined : await world.secrets.resolve({ env: passphraseEnv }, purpose),
    ask: () =>
      world.secrets.resolve({ prompt: true }, purpose).catch((error: unknown) => {
        const nobody =
          error instanceof RcsslError && error.diagnostics.some(({ code }) => code === 'secret-no-terminal');
        if (nobody) fail('inspect-passphrase-needed', {}, { file: path });
        throw error;
      }),
  };
}

/** A key and a certificate in one file are meant for each other. */
function pairMatches(items: readonly Item[]): Match[] {
  const certificate = firstCertificate(items);
  const keys = items.flatMap((item) => (item.kind === 'key' && item.facts.publicKey ? [item.facts.publicKey] : []));
  return certificate ? keys.map((key) => ({ code: 'pair', ok: key === certificate.publicKey })) : [];
}

/** RFC 8446 4.4.2: each certificate should certify the one before it. Bundles of roots follow no order, so only a signature counts for one. */
function orderMatches(certificates: readonly Buffer[]): Match[] {
  if (certificates.length < 2) return [];
  const signed = certificates.slice(1).map((der, i) => certifies(der, certificates[i] ?? der));
  return [{ code: 'order', ok: signed.every(Boolean) }];
}

function projectMatches(
  world: World,
  { plan, owned, root }: Project,
  { path, owner }: Located,
  items: readonly Item[],
  certificates: readonly Buffer[],
): Match[] {
  const same = (left: string, right: string): boolean => world.files.realPath(left) === world.files.realPath(right);
  const said = owner ? actionsFor(plan, owner).map(declared) : matchPath(plan, path, same);
  const elsewhere = matchOwned(items, owned).filter((match) => !('path' in match) || !same(match.path, path));
  const [first] = certificates;
  const signed: Match[] = first && root ? [{ code: 'root', name: plan.ca.name, signed: certifies(root, first) }] : [];
  return [...signed, ...said, ...elsewhere];
}

/** A private key that others may read, unless the configuration wants it so. */
function keyExposed(world: World, items: readonly Item[], path: string, project: Project | undefined): Diagnostic[] {
  const isSecret = items.some((item) => item.kind === 'key' && !item.facts.encrypted);
  const mode = world.files.entry(world.files.realPath(path))?.mode;
  if (!isSecret || mode === undefined || (mode & 0o077) === 0) return [];
  const wanted = project && declaredActions(project.plan).find(({ target }) => target.path === path);
  if (wanted?.target.mode === mode) return [];
  const place: Place = { file: path };
  return [diagnostic('inspect-key-readable', { mode: formatMode(mode), file: path }, place)];
}
