import { DAY } from '../kernel/duration.ts';
import { isWildcard, type AltName } from '../pki/names.ts';
import type { HostLintId, RootLintId } from './client-ids.ts';
import { isPublicSuffix } from './public-suffixes.ts';
import type { CaConfig, HostConfig } from './types.ts';

type Blame = 'validity' | 'key' | 'usage' | AltName;

/** A thing that some client refuses, although the certificate is in order. */
interface ClientFact {
  /** Who refuses, and from when where that is known. */
  readonly who: string;
  /** Where it is written, or how it was found out. */
  readonly source: string;
  readonly text: string;
  /** What to do instead; the way to accept it is added. */
  readonly fix: string;
  /** When accepting is right. */
  readonly unless: string;
}

export interface HostLint extends ClientFact {
  /** The keys or names that are to blame. */
  readonly find: (host: HostConfig) => readonly Blame[];
}

export interface RootLint extends ClientFact {
  readonly find: (ca: CaConfig) => 'key' | 'constraints' | undefined;
}

const LIVE = 'tested against a live server with only the test root trusted, November 2026';

export const HOST_LINTS: Readonly<Record<HostLintId, HostLint>> = {
  'apple-825': {
    who: 'iOS 13, macOS 10.15 and later, for certificates issued since 2019-07-01, under private roots too',
    source: 'https://support.apple.com/en-us/103769',
    text: 'Apple devices refuse more than 825 days (since iOS 13, macOS 10.15)',
    fix: '825d or less',
    unless: 'if none will connect',
    find: ({ validity, usage }) => (usage.includes('server') && validity > 825 * DAY ? ['validity'] : []),
  },
  'ed25519-browsers': {
    who: 'Chromium (ERR_SSL_VERSION_OR_CIPHER_MISMATCH) and Firefox (a blank network error), all versions until now',
    source: `${LIVE}: Chromium 156, Firefox ESR 153`,
    text: 'Chromium and Firefox cannot connect to a server with an Ed25519 key',
    fix: 'ecdsa-p256',
    unless: 'if no browser will connect',
    find: ({ key, usage }) => (usage.includes('server') && key === 'ed25519' ? ['key'] : []),
  },
  'underscore-java': {
    who: 'Java ("non-LDH ASCII"); public CAs may not sign it either',
    source: `${LIVE}: Java 17; RFC 1123 section 2.1`,
    text: 'Java refuses host names with an underscore',
    fix: 'a hyphen in its place',
    unless: 'if no Java program will connect',
    find: ({ names }) => names.filter(({ type, value }) => type === 'dns' && value.includes('_')),
  },
  'wildcard-public-suffix-chromium': {
    who: 'Chromium: no wildcard directly under a public suffix of ICANN',
    source: `${LIVE}: Chromium 156; https://publicsuffix.org/list/`,
    text: 'Chromium refuses a wildcard directly under a public suffix',
    fix: 'the names themselves, or a wildcard one label deeper',
    unless: 'if no Chromium will connect',
    find: ({ names }) => names.filter((name) => isWildcard(name) && isPublicSuffix(name.value.slice(2))),
  },
  'client-only-usage': {
    who: 'all nine clients tested, as the certificate of a server',
    source: `${LIVE}; RFC 5280 section 4.2.1.12`,
    text: 'every client refuses a server whose certificate is for clients only',
    fix: "usage: ['server', 'client']",
    unless: 'if it is only to log in with',
    find: ({ usage }) => (usage.includes('server') ? [] : ['usage']),
  },
};

export const ROOT_LINTS: Readonly<Record<RootLintId, RootLint>> = {
  'plain-root': {
    who: 'nobody refuses it: that is the danger',
    source: 'RFC 5280 section 4.2.1.10',
    text: 'without constraints, who gets the key of this root can pose as any site to all who trust it',
    fix: "constraints: 'auto'",
    unless: 'if that is understood',
    find: ({ constraints }) => (constraints === 'none' ? 'constraints' : undefined),
  },
  'ed25519-nss': {
    who: 'Chromium and Firefox on Linux: NSS cannot import it (SEC_ERROR_ADDING_CERT)',
    source: `${LIVE}: certutil of NSS`,
    text: 'Chromium and Firefox on Linux cannot trust a root with an Ed25519 key',
    fix: 'rsa-4096 or ecdsa-p256',
    unless: 'if no browser will connect',
    find: ({ key }) => (key === 'ed25519' ? 'key' : undefined),
  },
};
