import { deviceOf } from './device.ts';
import type { Happening, Visitor } from './events.ts';
import type { FileKind } from './guides.ts';
import type { WebRequest } from '../kernel/web.ts';

/** More are no longer told apart, whoever floods us: what is remembered has an end. */
const MOST = 512;

/** Who came, what they took and whose check passed: turns requests into events, each worth telling. */
export interface Guests {
  opened(request: WebRequest): void;
  took(request: WebRequest, file: FileKind): void;
  passed(request: WebRequest): void;
  /** Somebody has connected to the check: what fails after that is for want of trust. */
  touched(address: string): void;
  /** The page asks what became of a check that failed; true if somebody from there had connected to it. */
  failed(request: WebRequest): boolean;
  refused(address: string, why: 'network' | 'host'): void;
  counts(): { readonly visitors: number; readonly trusting: number };
}

export function guestBook(tell: (happening: Happening) => void): Guests {
  const seen = new Set<string>();
  const trusting = new Set<string>();
  const touched = new Set<string>();
  const refused = new Set<string>();
  const isNew = (set: Set<string>, key: string): boolean => {
    if (set.has(key) || set.size >= MOST) return false;
    set.add(key);
    return true;
  };
  return {
    opened(request) {
      const visitor = visitorOf(request);
      if (isNew(seen, keyOf(visitor))) tell({ type: 'visit', visitor });
    },
    took: (request, file) => tell({ type: 'download', visitor: visitorOf(request), file }),
    passed(request) {
      const visitor = visitorOf(request);
      // Its address may have been sent on from the page of another device.
      isNew(seen, keyOf(visitor));
      isNew(trusting, keyOf(visitor));
      touched.delete(visitor.address);
      tell({ type: 'check', visitor, passed: true, reached: true });
    },
    touched: (address) => void isNew(touched, address),
    failed(request) {
      const visitor = visitorOf(request);
      const reached = touched.delete(visitor.address);
      trusting.delete(keyOf(visitor));
      tell({ type: 'check', visitor, passed: false, reached });
      return reached;
    },
    refused(address, why) {
      if (isNew(refused, `${why} ${address}`)) tell({ type: 'refused', address, why });
    },
    counts: () => ({ visitors: seen.size, trusting: trusting.size }),
  };
}

function visitorOf({ address, userAgent }: WebRequest): Visitor {
  return { address, ...deviceOf(userAgent) };
}

function keyOf({ address, system, browser }: Visitor): string {
  return `${address} ${system} ${browser}`;
}
