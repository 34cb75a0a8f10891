import { fail } from '../diagnostics/diagnostic.ts';
import { openEnrolment, type Enrolment } from '../engine/enrolment.ts';
import type { ProjectOptions } from '../engine/types.ts';
import type { Duration } from '../kernel/duration.ts';
import type { World } from '../kernel/ports.ts';
import { queue } from '../kernel/queue.ts';
import type { Timer, Web } from '../kernel/web.ts';
import type { EnrolEvent, Happening } from './events.ts';
import { guestBook } from './guests.ts';
import { serve } from './serve.ts';
import { whereToServe, type Where } from './where.ts';

export interface EnrolPorts {
  readonly world: World;
  readonly web: Web;
  readonly timer: Timer;
}

export interface EnrolOptions extends ProjectOptions {
  /** An address of this machine: it is asked for, and nobody has to confirm it. */
  readonly host?: string;
  /** Of the page; the check has the next one. */
  readonly port?: number;
  /** Ranges to serve beside the network of the address. */
  readonly networks?: readonly string[];
  readonly for?: Duration;
  /** Asked before a network is served that nobody named. */
  readonly confirm: (where: Where, root: string) => Promise<boolean>;
}

/** A timer of Node counts in 31 bits. */
const LONGEST_WAIT = 2 ** 31 - 1;

/**
 * Serves the page until the time is over or the signal aborts, and tells what happens. Keys stay where they are: that of a
 * declared host is used by the listener of the check, and nothing is written.
 *
 *     configuration, disk → root, host → network → two listeners → events
 *
 * Throws `RcsslError` before it serves.
 */
export async function* enrol(ports: EnrolPorts, options: EnrolOptions): AsyncGenerator<EnrolEvent, void> {
  const { clock } = ports.world;
  const enrolment = await openEnrolment(ports.world, options);
  const where = await placeFor(ports, options, enrolment);
  options.signal?.throwIfAborted();
  const happenings = queue<Happening>();
  const guests = guestBook(happenings.push);
  const { root, diagnostics } = enrolment;
  const served = await serve(ports.web, {
    root,
    where,
    host: enrolment.checkHost(where.names),
    port: options.port,
    guests,
  });
  const stop = (why: 'time' | 'signal') => (): void => happenings.push({ type: 'stopped', why, ...guests.counts() });
  const until = options.for === undefined ? undefined : clock.now() + options.for;
  const cancel = after(ports.timer, options.for, stop('time'));
  const interrupted = stop('signal');
  options.signal?.addEventListener('abort', interrupted, { once: true });
  if (options.signal?.aborted) interrupted();
  try {
    yield {
      at: clock.now(),
      type: 'listening',
      root: root.name,
      fingerprint: root.facts.fingerprint,
      url: served.url,
      networks: where.networks,
      isLocal: where.kind === 'loopback',
      check: served.check,
      until,
      diagnostics,
    };
    for await (const happening of happenings.values()) {
      yield { at: clock.now(), ...happening };
      if (happening.type === 'stopped') return;
    }
  } finally {
    cancel();
    options.signal?.removeEventListener('abort', interrupted);
    await served.close();
  }
}

async function placeFor({ world, web }: EnrolPorts, options: EnrolOptions, enrolment: Enrolment): Promise<Where> {
  const { host, networks = [], confirm } = options;
  const isDeclared = (address: string): boolean => enrolment.checkHost([address]).state === 'ready';
  const where = whereToServe(web.networks(), host, networks, world.machine().localName, isDeclared);
  if (host === undefined && !(await confirm(where, enrolment.root.name))) fail('enrol-declined', {});
  return where;
}

/** However long it is. */
function after(timer: Timer, wait: Duration | undefined, call: () => void): () => void {
  if (wait === undefined) return () => undefined;
  let cancel: () => void;
  const go = (left: number): void => {
    const part = Math.min(left, LONGEST_WAIT);
    cancel = timer.after(part, () => (left > part ? go(left - part) : call()));
  };
  go(wait);
  return () => cancel();
}
