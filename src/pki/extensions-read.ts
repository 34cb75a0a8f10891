import { contextTag, DerCursor, enter, openDer, readDer, TAG } from './der.ts';
import { readBoolean, readNamedBits, readOid, readSmall } from './der-values.ts';
import { malformed } from './pki-error.ts';
import { EXTENDED_KEY_USAGE_OIDS, EXTENSION_OIDS, KEY_USES, namer } from './oids.ts';
import { printableText } from './distinguished-name.ts';
import { GENERAL_NAME, readGeneralNames, readRange } from './general-names.ts';
import type { CertificateFacts, NameConstraints } from './facts.ts';
import type { AltName } from './names.ts';

const purposeName = namer(EXTENDED_KEY_USAGE_OIDS);

interface Extension {
  readonly critical: boolean;
  readonly value: Buffer;
}

/** By OID. RFC 5280 section 4.2: no extension stands twice. */
type Extensions = ReadonlyMap<string, Extension>;

export function readExtensions(cursor: DerCursor): Extensions {
  const extensions = new Map<string, Extension>();
  while (cursor.peek() !== undefined) {
    const extension = enter(cursor);
    const oid = readOid(extension.take(TAG.oid).content);
    const critical = extension.optional(TAG.boolean);
    const value = extension.take(TAG.octetString).content;
    extension.end();
    if (extensions.has(oid)) throw malformed(`extension ${oid} stands twice`);
    extensions.set(oid, { critical: critical !== undefined && readBoolean(critical.content), value });
  }
  return extensions;
}

type ExtensionFacts = Pick<
  CertificateFacts,
  | 'names'
  | 'sanCritical'
  | 'basicConstraints'
  | 'keyUsage'
  | 'extendedKeyUsage'
  | 'subjectKeyId'
  | 'authorityKeyId'
  | 'nameConstraints'
  | 'unknownCritical'
>;

const KNOWN = new Set<string>(Object.values(EXTENSION_OIDS));

export function readExtensionFacts(extensions: Extensions): ExtensionFacts {
  const { basicConstraints, keyUsage, extKeyUsage, nameConstraints } = EXTENSION_OIDS;
  const read = <T>(oid: string, reader: (extension: Extension) => T): T | undefined => {
    const extension = extensions.get(oid);
    return extension && reader(extension);
  };
  return {
    names: readSubjectAltNames(extensions),
    sanCritical: extensions.get(EXTENSION_OIDS.subjectAltName)?.critical ?? false,
    basicConstraints: read(basicConstraints, readBasicConstraints),
    keyUsage: read(keyUsage, readKeyUsage),
    extendedKeyUsage: read(extKeyUsage, ({ value }) =>
      openDer(value)
        .rest(TAG.oid)
        .map(({ content }) => purposeName(readOid(content))),
    ),
    subjectKeyId: read(EXTENSION_OIDS.subjectKeyIdentifier, ({ value }) =>
      readDer(value, TAG.octetString).content.toString('hex'),
    ),
    authorityKeyId: read(EXTENSION_OIDS.authorityKeyIdentifier, ({ value }) =>
      openDer(value).optional(contextTag(0, false))?.content.toString('hex'),
    ),
    nameConstraints: read(nameConstraints, readNameConstraints),
    unknownCritical: [...extensions].filter(([oid, { critical }]) => critical && !KNOWN.has(oid)).map(([oid]) => oid),
  };
}

export function readSubjectAltNames(extensions: Extensions): AltName[] {
  const extension = extensions.get(EXTENSION_OIDS.subjectAltName);
  return extension ? readGeneralNames(openDer(extension.value)) : [];
}

function readBasicConstraints({ value, critical }: Extension): CertificateFacts['basicConstraints'] {
  const cursor = openDer(value);
  const ca = cursor.optional(TAG.boolean);
  const pathLength = cursor.optional(TAG.integer);
  cursor.end();
  return {
    ca: ca !== undefined && readBoolean(ca.content),
    pathLength: pathLength && readSmall(pathLength.content),
    critical,
  };
}

function readKeyUsage({ value, critical }: Extension): CertificateFacts['keyUsage'] {
  const bits = readNamedBits(readDer(value, TAG.bitString).content);
  return { uses: bits.map((bit) => KEY_USES[bit] ?? String(bit)), critical };
}

/** Permitted subtrees alone: rcssl writes no excluded ones, and says nothing of those that others wrote. */
function readNameConstraints({ value, critical }: Extension): NameConstraints {
  const permitted = openDer(value).optional(contextTag(0));
  const dns: string[] = [];
  const ip: string[] = [];
  const subtrees = new DerCursor(permitted?.content ?? Buffer.alloc(0));
  while (subtrees.peek() !== undefined) {
    const { tag, content } = enter(subtrees).take();
    if (tag === contextTag(GENERAL_NAME.dns, false)) {
      dns.push(printableText(content.toString('latin1').toLowerCase().replace(/^\./, '')));
    } else if (tag === contextTag(GENERAL_NAME.ip, false)) {
      ip.push(readRange(content) ?? content.toString('hex'));
    }
  }
  return { dns: dns.sort(), ip: ip.sort(), critical };
}
