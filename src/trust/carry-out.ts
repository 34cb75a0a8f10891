import type { Instant } from '../kernel/instant.ts';
import type { World } from '../kernel/ports.ts';
import { faultOf, type Fault } from './look.ts';
import type { TrustLine } from './plan.ts';
import { forget, remember, type Registry } from './registry.ts';
import { runSteps, type RunOptions } from './run.ts';
import { storeNamed } from './stores.ts';
import type { Place, Standing, TrustPorts, TrustRoot } from './types.ts';

/** What became of a line. */
export interface TrustOutcome extends TrustLine {
  readonly result: 'done' | 'already' | 'skipped' | 'failed';
  /** The commands went well, and yet the place says otherwise. */
  readonly unproven?: true;
}

export interface CarryOut extends RunOptions {
  readonly roots: readonly TrustRoot[];
  /** `ca.name`, the project and the moment, for the registry. */
  readonly ca: string;
  readonly project: string;
  readonly now: Instant;
  /** On the disk when it is done. */
  readonly save: (registry: Registry) => Promise<void>;
  /** Told before each line that changes something. */
  readonly onLine?: ((line: TrustLine) => void) | undefined;
}

/**
 * Carries the lines out, one after the other; one that fails does not stop the others. The registry knows of a root before
 * it goes anywhere, so that a run that was killed can be undone, and forgets it once the place says that it is gone.
 */
export async function carryOut(
  ports: TrustPorts & Pick<World, 'disk'>,
  lines: readonly TrustLine[],
  before: Registry,
  options: CarryOut,
): Promise<TrustOutcome[]> {
  let registry = before;
  for (const { change, store, at, root } of lines) {
    const of = options.roots.find(({ fingerprint }) => fingerprint === root);
    if (change !== 'add' || at === undefined || !of) continue;
    const place = { store, at, since: options.now, project: options.project };
    registry = remember(registry, of, options.ca, place);
  }
  await options.save(registry);
  const outcomes: TrustOutcome[] = [];
  for (const line of lines) {
    const outcome = await outcomeOf(ports, line, options);
    outcomes.push(outcome);
    if (!isGone(outcome) || line.at === undefined) continue;
    registry = forget(registry, { fingerprint: line.root }, line.store, line.at);
    await options.save(registry);
  }
  return outcomes;
}

/** What was to be added and failed stays known: half of it may be there. */
function isGone({ change, result }: TrustOutcome): boolean {
  return (change === 'forget' || change === 'remove') && result === 'done';
}

/** What was done stays done, and is told; what was not is told too. */
const STOPPED: Fault = { argv: [], output: 'stopped' };

async function outcomeOf(
  ports: TrustPorts & Pick<World, 'disk'>,
  line: TrustLine,
  options: CarryOut,
): Promise<TrustOutcome> {
  const root = options.roots.find(({ fingerprint }) => fingerprint === line.root);
  const { change, at } = line;
  if (change === 'keep') return { ...line, result: 'already' };
  if (change === 'forget') return { ...line, result: 'done' };
  if (change === 'fault') return { ...line, result: 'failed' };
  if (change === 'skip' || at === undefined || !root) return { ...line, result: 'skipped' };
  if (options.signal?.aborted) return { ...line, result: 'failed', fault: STOPPED };
  options.onLine?.(line);
  try {
    return await changed(ports, line, root, options);
  } catch (error) {
    return { ...line, result: 'failed', fault: faultOf(error) };
  }
}

async function changed(
  ports: TrustPorts & Pick<World, 'disk'>,
  line: TrustLine,
  root: TrustRoot,
  options: CarryOut,
): Promise<TrustOutcome> {
  const store = storeNamed(line.store);
  const wanted = line.change === 'add';
  const isRight = ({ trusted, name }: Standing) => (wanted ? trusted : name === undefined);
  // Another line may have changed this place meanwhile: Debian's system store fills and empties Java's.
  const { place, standing } = await lookAgain(ports, line, root);
  if (!isRight(standing) || (!wanted && standing.trusted)) {
    await runSteps(ports, store[wanted ? 'install' : 'remove'](place, root, standing), options);
  }
  const after = await lookAgain(ports, line, root);
  return isRight(after.standing) ? { ...line, result: 'done' } : { ...line, result: 'failed', unproven: true };
}

async function lookAgain(
  ports: TrustPorts,
  { store: id, at = '' }: TrustLine,
  root: TrustRoot,
): Promise<{ readonly place: Place; readonly standing: Standing }> {
  const store = storeNamed(id);
  const found = await store.detect(ports, [at]);
  const place = 'places' in found ? found.places.find((one) => one.at === at) : undefined;
  if (!place) return { place: { at, needs: 'nothing' }, standing: { trusted: false } };
  return { place, standing: await store.isTrusted(ports, place, root) };
}
