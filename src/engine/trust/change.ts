import { isDeepStrictEqual } from 'node:util';
import { withLocks } from '../../apply/lock.ts';
import { writeFault } from '../../apply/write-fault.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { World } from '../../kernel/ports.ts';
import { findTool } from '../../trust/ask.ts';
import { carryOut, type TrustOutcome } from '../../trust/carry-out.ts';
import { lookAt } from '../../trust/look.ts';
import { planTrust, type TrustLine, type TrustWish } from '../../trust/plan.ts';
import { encodeRegistry, placesOf, readRegistry, registryPath, type Registry } from '../../trust/registry.ts';
import { trustFolder } from '../../trust/root.ts';
import { STORE_IDS, type StoreId } from '../../trust/store-ids.ts';
import type { TrustRoot } from '../../trust/types.ts';
import { systemError } from '../system-errors.ts';
import { namedStores, refuseElsewhere } from './stores.ts';
import type { TrustOptions, TrustPlan, TrustResult } from './types.ts';

/** What is to be trusted and what no longer; `ca` and `project` go to the registry. */
export interface Wanted extends Omit<TrustPlan, 'lines'> {
  readonly add: readonly TrustRoot[];
  readonly remove: readonly TrustRoot[];
  readonly ca: string;
  /** What the configuration declares, where nobody names stores. */
  readonly stores?: readonly string[] | undefined;
}

/** The registry of this user. Throws its errors, and the system's as diagnostics. */
export function registryOf({ files, machine }: World): Registry {
  try {
    return readRegistry(files, trustFolder(machine().dataFolder));
  } catch (error) {
    return systemError(error);
  }
}

/** What a change would do. Reads only. Throws `trust-store-unknown` and `trust-store-elsewhere`. */
export async function planChange(world: World, wanted: Wanted, options: TrustOptions): Promise<TrustPlan> {
  const { config, root, home, roots, diagnostics } = wanted;
  return { config, root, home, roots, diagnostics, lines: await linesFor(world, wanted, options, registryOf(world)) };
}

/**
 * Changes what has to be changed, under a lock of the registry, once `confirm` says yes:
 *
 *     look → lines → leave → lock → look again → registry → commands → look → registry
 */
export async function change(world: World, wanted: Wanted, options: TrustOptions): Promise<TrustResult> {
  const plan = await planChange(world, wanted, options);
  const isChange = (line: TrustLine) => ['add', 'remove', 'forget'].includes(line.change);
  if (!plan.lines.some(isChange)) return resultOf(plan, await untouched(world, plan.lines), options);
  if (options.confirm && !(await options.confirm(plan))) fail('trust-declined', {});
  options.signal?.throwIfAborted();
  const folder = trustFolder(world.machine().dataFolder);
  const { signal, onWait, noWait } = options;
  return withLocks(world, [folder], { signal, onWait, noWait }, async () => {
    const registry = registryOf(world);
    const lines = await linesFor(world, wanted, options, registry);
    // Another process may have been here while this one waited or asked.
    const isNew = !isDeepStrictEqual(lines.filter(isChange), plan.lines.filter(isChange));
    if (isNew && options.confirm && !(await options.confirm({ ...plan, lines }))) fail('trust-declined', {});
    await writeRoots(world, wanted.add);
    const outcomes = await carryOut(world, lines, registry, {
      roots: [...wanted.add, ...wanted.remove],
      ca: wanted.ca,
      project: wanted.root,
      now: world.clock.now(),
      save: (next) => saveRegistry(world, folder, next),
      canAsk: options.canAsk,
      signal,
      onLine: options.onLine,
    });
    removeStrays(world, folder);
    return resultOf({ ...plan, lines }, outcomes, options);
  });
}

async function linesFor(
  world: World,
  { add, remove, stores }: Wanted,
  options: TrustOptions,
  registry: Registry,
): Promise<TrustLine[]> {
  const named = withProfiles(namedStores(options.stores ?? stores), remove, registry);
  const looks = await lookAt(world, named ?? STORE_IDS, [...add, ...remove], registry, options.signal);
  refuseElsewhere(options.stores, looks);
  const computer = world.computer();
  const { rights, system } = computer;
  const wish: TrustWish = {
    add,
    remove,
    named,
    userOnly: options.userOnly ?? false,
    canAsk: options.canAsk,
    canRoot: rights !== 'user' || system === 'windows' || findTool(world, 'sudo') !== undefined,
  };
  return planTrust(wish, looks, registry, computer);
}

/** A policy of Firefox brings its root into the profiles: with the one it goes from the others. */
function withProfiles(
  named: readonly StoreId[] | undefined,
  remove: readonly TrustRoot[],
  registry: Registry,
): readonly StoreId[] | undefined {
  if (!named?.includes('firefox-policy') || named.includes('firefox')) return named;
  const isThere = remove.some((root) => placesOf(registry, root, 'firefox-policy').length > 0);
  return isThere ? [...named, 'firefox'] : named;
}

/** Where nothing changes, nothing is locked and nothing is written. */
function untouched(world: World, lines: readonly TrustLine[]): Promise<TrustOutcome[]> {
  const nowhere = { roots: [], ca: '', project: '', now: world.clock.now(), canAsk: false };
  return carryOut(world, lines, [], { ...nowhere, save: () => Promise.resolve() });
}

function resultOf(plan: TrustPlan, outcomes: readonly TrustOutcome[], options: TrustOptions): TrustResult {
  const isWanted = ({ result, skip, known }: TrustOutcome) => {
    if (result !== 'skipped') return result !== 'failed';
    // It has the root still, unless `--user` has left it out.
    if (known) return options.userOnly === true && skip?.code === 'needs-root';
    return options.stores === undefined || skip?.code === 'takes-system';
  };
  return { ...plan, outcomes, complete: outcomes.every(isWanted) };
}

/** The files that commands are given: certificates, nothing secret. */
async function writeRoots({ files, disk }: World, roots: readonly TrustRoot[]): Promise<void> {
  for (const { file, pem } of roots) {
    const bytes = Buffer.from(pem);
    if (files.read(file, bytes.length)?.equals(bytes)) continue;
    disk.remove(file);
    await disk.createFile(file, { bytes, mode: 0o644, gid: undefined }, true).catch((error) => writeFault(file, error));
  }
}

/** The old registry or the new one, whenever the machine stops; none where it would be empty. */
async function saveRegistry({ disk }: World, folder: string, registry: Registry): Promise<void> {
  const path = registryPath(folder);
  const draft = `${path}.new`;
  try {
    if (registry.length === 0) return disk.remove(path);
    disk.remove(draft);
    await disk.createFile(draft, { bytes: encodeRegistry(registry), mode: 0o600, gid: undefined }, true);
    disk.rename(draft, path);
    await disk.syncFolder(folder);
  } catch (error) {
    writeFault(path, error);
  }
}

/** Certificates of roots that are nowhere any more. */
function removeStrays(world: World, folder: string): void {
  const known = new Set(registryOf(world).map(({ fingerprint }) => `rcssl-${fingerprint.slice(0, 12)}.pem`));
  for (const name of world.files.list(folder)) {
    if (/^rcssl-[0-9a-f]{12}\.pem$/.test(name) && !known.has(name)) world.disk.remove(`${folder}/${name}`);
  }
}
