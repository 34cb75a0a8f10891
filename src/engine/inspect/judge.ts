import { isIP } from 'node:net';
import { diagnostic, type Diagnostic, type Place } from '../../diagnostics/diagnostic.ts';
import type { certificateNameTemplates, certificateTemplates } from '../../diagnostics/inspect-templates.ts';
import { DAY, SECOND } from '../../kernel/duration.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { CertificateFacts } from '../../pki/facts.ts';

/** `root` and `intermediate` are CAs; everything else is a `leaf`, also one that signed itself. */
export type Role = 'root' | 'intermediate' | 'leaf';

export function roleOf(facts: CertificateFacts): Role {
  if (facts.basicConstraints?.ca !== true) return 'leaf';
  if (facts.subjectDer === facts.issuerDer) return 'root';
  // A certificate with host names is meant for a server, whatever it says about being a CA.
  return facts.names.length > 0 ? 'leaf' : 'intermediate';
}

const ALL = 'every client refuses it';
const STRICT = 'OpenSSL and Python refuse it where they are strict (Python is by default since 3.13)';
const STRICT_AND = (others: string): string => `${others} refuse it, and OpenSSL and Python where they are strict`;

interface Rule<Code, Subject> {
  readonly code: Code;
  /** Who refuses it, as a sentence. */
  readonly clients: string;
  readonly applies: (subject: Subject, now: Instant) => boolean;
}

type CertificateRule = Rule<keyof typeof certificateTemplates, CertificateFacts>;
type NameRule = Rule<keyof typeof certificateNameTemplates, string>;

/**
 * Who refuses what: measured in November 2026 against live servers with OpenSSL 3.0, curl 7.88, GnuTLS 3.7.9, Python 3.11
 * strict, Go 1.19, Java 17, Node 24, Chromium 156 and Firefox ESR 153. Apple's rules are support.apple.com/103769; the end of SHA-1
 * is RFC 9155, go.dev/doc/go1.18 (crypto/x509) and OpenSSL 3.0's security level 1.
 */
const ANY_ROLE: readonly CertificateRule[] = [
  { code: 'inspect-expired', clients: ALL, applies: (facts, now) => facts.notAfter < now },
  { code: 'inspect-not-yet-valid', clients: ALL, applies: (facts, now) => facts.notBefore > now },
  { code: 'inspect-unknown-critical', clients: ALL, applies: (facts) => facts.unknownCritical.length > 0 },
  {
    code: 'inspect-weak-key',
    clients: 'OpenSSL, curl, Node and Apple devices refuse it',
    applies: (facts) => Number(/^rsa-(\d+)$/.exec(facts.keyKind)?.[1] ?? Infinity) < 2048,
  },
  {
    code: 'inspect-weak-signature',
    clients: 'OpenSSL 3, Go, Chromium, Firefox and Apple devices refuse it',
    // Nobody verifies what a root says about itself.
    applies: (facts) => /sha-?1|md5/i.test(facts.signatureAlgorithm) && roleOf(facts) !== 'root',
  },
];

const LEAF: readonly CertificateRule[] = [
  {
    code: 'inspect-no-names',
    clients: 'Go, Chromium, Firefox and Apple devices refuse it',
    applies: (facts) => facts.names.length === 0 && isForServers(facts),
  },
  {
    code: 'inspect-validity-apple',
    clients: 'Apple devices refuse it, also under a private root',
    // RFC 5280 4.1.2.5: notAfter is the last second of the validity, not the first after it.
    applies: (facts) => facts.notAfter - facts.notBefore + SECOND > 825 * DAY && isForServers(facts),
  },
  {
    code: 'inspect-no-extended-usage',
    clients: 'Apple devices refuse it',
    applies: (facts) => facts.extendedKeyUsage === undefined,
  },
  {
    code: 'inspect-any-extended-usage',
    clients: STRICT_AND('curl, Node and Firefox'),
    applies: ({ extendedKeyUsage: uses }) => uses !== undefined && isAny(uses) && !uses.includes('serverAuth'),
  },
  { code: 'inspect-not-for-servers', clients: `as a server's, ${ALL}`, applies: (facts) => !isForServers(facts) },
  {
    code: 'inspect-encipherment-only',
    clients: 'GnuTLS, Java and Chromium refuse it (ERR_SSL_KEY_USAGE_INCOMPATIBLE)',
    applies: ({ keyUsage }) => keyUsage !== undefined && !keyUsage.uses.includes('digitalSignature'),
  },
  {
    code: 'inspect-leaf-signs',
    clients: STRICT,
    applies: (facts) => !isCa(facts) && facts.keyUsage?.uses.includes('keyCertSign') === true,
  },
  { code: 'inspect-leaf-is-ca', clients: 'Firefox refuses it as a server', applies: isCa },
  {
    code: 'inspect-leaf-self-signed',
    clients: 'Chromium refuses it even where it is trusted (ERR_CERT_INVALID)',
    applies: (facts) => facts.subjectDer === facts.issuerDer,
  },
  {
    code: 'inspect-no-authority-id',
    clients: STRICT,
    applies: (facts) => facts.authorityKeyId === undefined && facts.subjectDer !== facts.issuerDer,
  },
  {
    code: 'inspect-empty-subject',
    clients: STRICT_AND('Java and Chromium'),
    applies: (facts) => facts.subject.length === 0 && facts.names.length > 0 && !facts.sanCritical,
  },
  {
    code: 'inspect-key-ed25519',
    clients: 'Chromium and Firefox refuse it (ERR_SSL_VERSION_OR_CIPHER_MISMATCH)',
    applies: (facts) => facts.keyKind === 'ed25519',
  },
  {
    code: 'inspect-key-p521',
    clients: 'Chromium refuses it (ERR_SSL_VERSION_OR_CIPHER_MISMATCH)',
    applies: (facts) => /p521/.test(facts.keyKind),
  },
];

const CA: readonly CertificateRule[] = [
  { code: 'inspect-ca-not-critical', clients: STRICT, applies: (facts) => facts.basicConstraints?.critical === false },
  { code: 'inspect-ca-no-usage', clients: STRICT, applies: (facts) => facts.keyUsage === undefined },
  { code: 'inspect-ca-no-id', clients: STRICT, applies: (facts) => facts.subjectKeyId === undefined },
  {
    code: 'inspect-ca-cannot-sign',
    clients: `what it signed, ${ALL.replace(' it', '')}`,
    applies: ({ keyUsage }) => keyUsage !== undefined && !keyUsage.uses.includes('keyCertSign'),
  },
  {
    code: 'inspect-ca-ed25519',
    clients: 'Chromium and Firefox on Linux cannot even store it (SEC_ERROR_ADDING_CERT)',
    applies: (facts) => facts.keyKind === 'ed25519',
  },
];

const DNS_NAME: readonly NameRule[] = [
  { code: 'inspect-name-is-address', clients: ALL, applies: (name) => isIP(name) !== 0 },
  {
    code: 'inspect-name-final-dot',
    clients: STRICT_AND('GnuTLS, Go, Java and Firefox'),
    applies: (name) => name.endsWith('.'),
  },
  {
    code: 'inspect-wildcard-too-wide',
    clients: 'all but Go and Java refuse it',
    applies: (name) => /^\*\.[^.]+$/.test(name),
  },
  {
    code: 'inspect-wildcard-inside',
    clients: 'curl, GnuTLS, Python, Go, Chromium and Firefox refuse it',
    applies: (name) => name.includes('*') && !/^\*\.[^*]+$/.test(name),
  },
  { code: 'inspect-name-underscore', clients: 'Java refuses it', applies: (name) => name.includes('_') },
];

function isCa(facts: CertificateFacts): boolean {
  return facts.basicConstraints?.ca === true;
}

function isAny(uses: readonly string[]): boolean {
  return uses.includes('anyExtendedKeyUsage') || uses.includes('2.5.29.37.0');
}

function isForServers({ extendedKeyUsage: uses }: CertificateFacts): boolean {
  return uses === undefined || uses.includes('serverAuth') || isAny(uses);
}

/** What clients will refuse about a certificate, as warnings at `place`; empty for one that all of them take. */
export function judge(facts: CertificateFacts, now: Instant, place: Place): Diagnostic[] {
  const rules = [...ANY_ROLE, ...(roleOf(facts) === 'leaf' ? LEAF : CA)];
  const dnsNames = facts.names.filter((name) => name.type === 'dns');
  return [
    ...rules
      .filter((rule) => rule.applies(facts, now))
      .map(({ code, clients }) => diagnostic(code, { clients }, place)),
    ...dnsNames.flatMap(({ value }) =>
      DNS_NAME.filter((rule) => rule.applies(value, now)).map(({ code, clients }) =>
        diagnostic(code, { clients, name: value }, place),
      ),
    ),
  ];
}
