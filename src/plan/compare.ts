import type { Subject } from '../config/types.ts';
import type { LeafProfile, RootProfile } from '../desired/types.ts';
import type { CertificateFacts, DistinguishedName } from '../pki/facts.ts';
import { DAY, formatDuration, SECOND } from '../kernel/duration.ts';
import { missingFrom } from '../pki/constraints.ts';
import { formatName, nameKey, type AltName } from '../pki/names.ts';
import { validityOf } from './renewal.ts';
import type { Reason } from './types.ts';

/** Two validities are one if a second parts them: OpenSSL counts N days without the last second (RFC 5280 4.1.2.5). */
function validityReasons(facts: CertificateFacts, wanted: number): Reason[] {
  const found = validityOf(facts);
  if (Math.abs(found - wanted) <= SECOND) return [];
  // Other tools leave the last second out, or count it twice: nobody means seconds by that.
  const days = Math.round(found / DAY) * DAY;
  const from = formatDuration(Math.abs(found - days) <= SECOND ? days : found);
  return [{ code: 'profile-changed', field: 'validity', from, to: formatDuration(wanted) }];
}

export function nameReasons(found: readonly AltName[], wanted: readonly AltName[]): Reason[] {
  const have = new Set(found.map(nameKey));
  const want = new Set(wanted.map(nameKey));
  const added = wanted.filter((name) => !have.has(nameKey(name))).map(formatName);
  const removed = found.filter((name) => !want.has(nameKey(name))).map(formatName);
  return added.length + removed.length > 0
    ? [{ code: 'names-changed', added: added.sort(), removed: removed.sort() }]
    : [];
}

const ATTRIBUTES = [
  ['C', 'country'],
  ['ST', 'state'],
  ['L', 'locality'],
  ['O', 'organization'],
  ['OU', 'organizationalUnit'],
] as const satisfies readonly (readonly [string, keyof Subject])[];

function attributesOf(subject: Subject, commonName: string | undefined): string[] {
  const rows = ATTRIBUTES.flatMap(([short, key]) => (subject[key] === undefined ? [] : [`${short}=${subject[key]}`]));
  return commonName === undefined ? rows : [...rows, `CN=${commonName}`];
}

export function subjectReasons(found: DistinguishedName, subject: Subject, commonName: string | undefined): Reason[] {
  const wanted = attributesOf(subject, subject.commonName ?? commonName);
  const have = found.map(([attribute, value]) => `${attribute}=${value}`);
  if ([...wanted].sort().join('\n') === [...have].sort().join('\n')) return [];
  return [{ code: 'profile-changed', field: 'subject', from: have.join(', '), to: wanted.join(', ') }];
}

/** The unit that tells the generations of a root's name apart is rcssl's own; a declared one is the user's. */
export function isGenerationMark([attribute, value]: readonly [string, string], facts: CertificateFacts): boolean {
  return attribute === 'OU' && value === `rcssl ${facts.subjectKeyId?.slice(0, 8)}`;
}

const USAGES = { server: 'serverAuth', client: 'clientAuth' } as const;

function usageReasons(facts: CertificateFacts, profile: LeafProfile): Reason[] {
  const from = facts.extendedKeyUsage?.toSorted().join(', ') ?? '';
  const to = profile.usage
    .map((use) => USAGES[use])
    .sort()
    .join(', ');
  return from === to ? [] : [{ code: 'profile-changed', field: 'usage', from, to }];
}

function extensionProblem(facts: CertificateFacts): string | undefined {
  const uses = facts.keyKind.startsWith('rsa-') ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature'];
  if (facts.version !== 3) return `version ${facts.version}`;
  if (facts.basicConstraints?.ca !== false) return 'basic constraints';
  if (facts.keyUsage?.uses.toSorted().join() !== uses.join()) return 'key usage';
  if (!facts.subjectKeyId || !facts.authorityKeyId) return 'key identifiers';
  if (facts.sanCritical !== (facts.subject.length === 0)) return 'subject alternative names';
  if (facts.nameConstraints || facts.unknownCritical.length > 0) return 'unknown extensions';
  return undefined;
}

export function leafReasons(facts: CertificateFacts, profile: LeafProfile, signature: string): Reason[] {
  const extensions = extensionProblem(facts);
  return [
    ...nameReasons(facts.names, profile.names),
    ...subjectReasons(facts.subject, profile.subject, profile.commonName),
    ...validityReasons(facts, profile.validity),
    ...usageReasons(facts, profile),
    ...(extensions
      ? [{ code: 'profile-changed', field: 'extensions', from: extensions, to: 'as declared' } as const]
      : []),
    ...(facts.signatureAlgorithm === signature
      ? []
      : [{ code: 'profile-changed', field: 'signature', from: facts.signatureAlgorithm, to: signature } as const]),
  ];
}

function rootExtensionProblem(facts: CertificateFacts): string | undefined {
  if (facts.version !== 3) return `version ${facts.version}`;
  if (!facts.basicConstraints?.ca || !facts.basicConstraints.critical) return 'basic constraints';
  if (!facts.keyUsage?.critical || !facts.keyUsage.uses.includes('keyCertSign')) return 'key usage';
  if (!facts.subjectKeyId) return 'subject key identifier';
  return facts.unknownCritical.length > 0 ? 'unknown extensions' : undefined;
}

export function rootSubjectReasons(facts: CertificateFacts, profile: RootProfile): Reason[] {
  const own = profile.subject.organizationalUnit === undefined;
  const subject = own ? facts.subject.filter((attribute) => !isGenerationMark(attribute, facts)) : facts.subject;
  return subjectReasons(subject, profile.subject, profile.commonName);
}

/**
 * What of a root's certificate is not as declared, its name aside. Two projects on one root must not fight: there its
 * constraints and its validity only grow, one that has no constraints keeps having none, and its subject is that of
 * whoever made it.
 */
export function rootReasons(
  facts: CertificateFacts,
  profile: RootProfile,
  signature: string,
  shared: boolean,
): Reason[] {
  const extensions = rootExtensionProblem(facts);
  return [
    ...constraintReasons(facts, profile, shared),
    ...(shared ? [] : rootSubjectReasons(facts, profile)),
    ...(shared && validityOf(facts) >= profile.validity ? [] : validityReasons(facts, profile.validity)),
    ...(extensions
      ? [{ code: 'profile-changed', field: 'extensions', from: extensions, to: 'as declared' } as const]
      : []),
    ...(facts.signatureAlgorithm === signature
      ? []
      : [{ code: 'profile-changed', field: 'signature', from: facts.signatureAlgorithm, to: signature } as const]),
  ];
}

function constraintReasons(facts: CertificateFacts, { constraints }: RootProfile, shared: boolean): Reason[] {
  const found = facts.nameConstraints;
  if (!constraints) return found ? [{ code: 'constraints-changed', from: 'constrained', to: 'none' }] : [];
  if (!found) return shared ? [] : [{ code: 'constraints-changed', from: 'none', to: 'constrained' }];
  const added = missingFrom(found, constraints);
  return added.length > 0 ? [{ code: 'constraints-widened', added }] : [];
}
