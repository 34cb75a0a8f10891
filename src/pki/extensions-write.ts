import { EXTENDED_KEY_USAGE_OIDS, EXTENSION_OIDS, KEY_USES } from './oids.ts';
import { GENERAL_NAME, writeGeneralName } from './general-names.ts';
import { maskOf, parseCidr } from './ip.ts';
import { malformed } from './pki-error.ts';
import type { Asn1, Asn1Writer } from './asn1.ts';
import type { Subtrees } from './constraints.ts';
import type { AltName } from './names.ts';
import type { Usage } from './subject.ts';

/** What strict clients want of a root: critical basicConstraints and keyUsage, a key identifier, no extended key usage. */
export function rootExtensions(asn1: Asn1Writer, keyId: Buffer, constraints: Subtrees | undefined): Asn1 {
  const constrained = constraints !== undefined && constraints.dns.length + constraints.ip.length > 0;
  return asn1.sequence(
    extension(asn1, 'basicConstraints', true, asn1.sequence(asn1.boolean(true), asn1.integer(0))),
    keyUsage(asn1, ['keyCertSign', 'cRLSign']),
    extension(asn1, 'subjectKeyIdentifier', false, asn1.octets(keyId)),
    constrained ? extension(asn1, 'nameConstraints', true, nameConstraints(asn1, constraints)) : undefined,
  );
}

interface LeafExtensions {
  readonly names: readonly AltName[];
  readonly sanCritical: boolean;
  readonly usage: readonly Usage[];
  readonly rsa: boolean;
  readonly keyId: Buffer;
  readonly issuerKeyId: Buffer;
}

/** The leaf that every client accepts. keyEncipherment is RSA's alone (RFC 8446 and RFC 5480 section 3). */
export function leafExtensions(asn1: Asn1Writer, leaf: LeafExtensions): Asn1 {
  return asn1.sequence(
    extension(asn1, 'basicConstraints', true, asn1.sequence()),
    keyUsage(asn1, leaf.rsa ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature']),
    leaf.usage.length > 0 ? extension(asn1, 'extKeyUsage', false, purposes(asn1, leaf.usage)) : undefined,
    leaf.names.length > 0 ? subjectAltName(asn1, leaf.names, leaf.sanCritical) : undefined,
    extension(asn1, 'subjectKeyIdentifier', false, asn1.octets(leaf.keyId)),
    extension(asn1, 'authorityKeyIdentifier', false, asn1.sequence(asn1.implicit(0, leaf.issuerKeyId))),
  );
}

/** Critical only with an empty subject (RFC 5280 section 4.2.1.6). */
export function subjectAltName(asn1: Asn1Writer, names: readonly AltName[], critical: boolean): Asn1 {
  return extension(
    asn1,
    'subjectAltName',
    critical,
    asn1.sequence(...names.map((name) => writeGeneralName(asn1, name))),
  );
}

/** FALSE is the default of `critical`, so DER leaves it out. */
function extension(asn1: Asn1Writer, name: keyof typeof EXTENSION_OIDS, critical: boolean, value: Asn1): Asn1 {
  return asn1.sequence(
    asn1.oid(EXTENSION_OIDS[name]),
    critical ? asn1.boolean(true) : undefined,
    asn1.octets(asn1.encode(value)),
  );
}

function keyUsage(asn1: Asn1Writer, uses: readonly (typeof KEY_USES)[number][]): Asn1 {
  return extension(asn1, 'keyUsage', true, asn1.namedBits(uses.map((use) => KEY_USES.indexOf(use))));
}

function purposes(asn1: Asn1Writer, usage: readonly Usage[]): Asn1 {
  const { serverAuth, clientAuth } = EXTENDED_KEY_USAGE_OIDS;
  return asn1.sequence(...usage.map((use) => asn1.oid(use === 'server' ? serverAuth : clientAuth)));
}

/** RFC 5280 section 4.2.1.10: permitted subtrees, `minimum` left at its default. */
function nameConstraints(asn1: Asn1Writer, { dns, ip }: Subtrees): Asn1 {
  const domains = dns.map((base) => asn1.implicit(GENERAL_NAME.dns, Buffer.from(base, 'latin1')));
  const ranges = ip.map((text) => {
    const cidr = parseCidr(text);
    if (!cidr) throw malformed(`not an address range: ${text}`);
    return asn1.implicit(GENERAL_NAME.ip, Buffer.concat([cidr.bytes, maskOf(cidr)]));
  });
  return asn1.sequence(asn1.context(0, ...[...domains, ...ranges].map((base) => asn1.sequence(base))));
}
