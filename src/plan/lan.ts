import type { DesiredHost } from '../desired/types.ts';
import type { CertificateFacts } from '../pki/facts.ts';
import { DAY } from '../kernel/duration.ts';
import type { Instant } from '../kernel/instant.ts';
import { nameKey, type AltName } from '../pki/names.ts';

/** So long after it was issued a certificate still says where this machine has been. */
const KEPT: number = 30 * DAY;

/**
 * A laptop that goes to and fro between two networks would have its certificate issued anew each time: the addresses
 * that a host had in its certificate are kept until it is renewed, or for 30 days where another one comes.
 */
export function keepAddresses(host: DesiredHost, found: CertificateFacts | undefined, now: Instant): DesiredHost {
  if (!host.lan || !found) return host;
  const { names } = host.certificate.profile;
  const wanted = new Set(names.map(nameKey));
  const gone = found.names.filter((name) => isOfNetwork(name) && !wanted.has(nameKey(name)));
  const have = new Set(found.names.map(nameKey));
  const comes = names.some((name) => !have.has(nameKey(name)));
  const due = now >= found.notAfter - host.certificate.profile.renewBefore;
  if (gone.length === 0 || due || (comes && now >= found.notBefore + KEPT)) return host;
  return withNames(host, [...names, ...gone]);
}

/** As a network gives them: addresses, and the name that goes with the machine. */
function isOfNetwork({ type, value }: AltName): boolean {
  return type === 'ip' && (/^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(value) || /^f[cd]/i.test(value));
}

function withNames(host: DesiredHost, names: readonly AltName[]): DesiredHost {
  const { certificate, csr } = host;
  return {
    ...host,
    certificate: { ...certificate, profile: { ...certificate.profile, names } },
    csr: csr && { ...csr, profile: { ...csr.profile, names } },
  };
}
