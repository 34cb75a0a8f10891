import { template, type Template } from './template.ts';

/** A property of a certificate for which the named clients refuse it. */
function refused(what: string): Template<{ clients: string }> {
  return template('warning', ({ clients }: { clients: string }) => `${what}: ${clients}`);
}

/** The same where a single name of the certificate is the cause. */
function nameRefused(what: string): Template<{ clients: string; name: string }> {
  return template('warning', ({ name, clients }: { clients: string; name: string }) => `${name}, ${what}: ${clients}`);
}

/** What `inspect` cannot do, or says beside the facts. */
export const inspectTemplates = {
  'inspect-unknown-target': template(
    'error',
    ({ asked, tried }: { asked: string; tried: readonly string[] }) => `${asked}: ${tried.join(', ')}`,
    ({ asked }) => (/^[\w.-]+\.[\w-]+$/.test(asked) ? `for a server: rcssl inspect https://${asked}` : undefined),
  ),
  'inspect-scheme': template(
    'error',
    ({ scheme }: { scheme: string }) => `${scheme} does not begin with TLS, and inspect speaks nothing else`,
    () => 'use https://HOST:PORT, or HOST:PORT',
  ),
  'inspect-not-made': template(
    'error',
    ({ owner }: { owner: string }) => `${owner} has no certificate yet`,
    () => 'rcssl apply makes it',
  ),
  'inspect-unreadable': template('error', ({ why }: { why: string }) => `cannot be read (${why})`),
  'inspect-nothing-known': template(
    'error',
    () => 'holds no certificate, key, certificate request or PKCS#12 that can be read',
  ),
  'inspect-unsupported': template('error', ({ why }: { why: string }) => `cannot be read: ${why}`),
  'inspect-malformed': template(
    'warning',
    ({ label, why }: { label: string; why: string }) => `the ${label} in it cannot be read: ${why}`,
  ),
  'inspect-passphrase-needed': template(
    'error',
    () => 'is encrypted, and there is no terminal to ask for its passphrase',
    () => 'rcssl inspect FILE --passphrase-env NAME takes it from an environment variable',
  ),
  'inspect-passphrase-wrong': template('error', () => 'the passphrase does not open it'),
  'inspect-unreachable': template(
    'error',
    ({ endpoint, why }: { endpoint: string; why: string }) => `${endpoint} does not answer (${why})`,
  ),
  'inspect-no-tls': template(
    'error',
    ({ endpoint, why }: { endpoint: string; why: string }) =>
      `${endpoint} answers, but no TLS connection comes about (${why})`,
  ),
  'inspect-key-readable': template(
    'warning',
    ({ mode }: { mode: string; file: string }) => `holds a private key and others may read it: mode ${mode}`,
    ({ file }) => `chmod 600 ${file}`,
  ),
  'inspect-without-config': template(
    'warning',
    ({ errors }: { errors: number }) =>
      `not compared with the configuration, which has ${errors === 1 ? 'an error' : `${errors} errors`}`,
    () => 'rcssl plan lists them',
  ),
};

/** What some client refuses about a whole certificate. */
export const certificateTemplates = {
  'inspect-expired': refused('expired'),
  'inspect-not-yet-valid': refused('not valid yet'),
  'inspect-no-names': refused('no subject alternative name, and a common name no longer counts'),
  'inspect-empty-subject': refused('an empty subject beside names that are not critical'),
  'inspect-validity-apple': refused('valid for more than 825 days'),
  'inspect-weak-signature': refused('signed with SHA-1 or MD5'),
  'inspect-weak-key': refused('an RSA key of less than 2048 bits'),
  'inspect-key-ed25519': refused('an Ed25519 key'),
  'inspect-key-p521': refused('a P-521 key'),
  'inspect-no-extended-usage': refused('no extended key usage'),
  'inspect-any-extended-usage': refused('anyExtendedKeyUsage without serverAuth'),
  'inspect-not-for-servers': refused('not for servers: serverAuth is missing from its extended key usage'),
  'inspect-encipherment-only': refused('key usage without digitalSignature'),
  'inspect-leaf-signs': refused('keyCertSign in a certificate that is no CA'),
  'inspect-leaf-is-ca': refused('a CA that carries host names'),
  'inspect-leaf-self-signed': refused('signed by its own key'),
  'inspect-no-authority-id': refused('no authority key identifier'),
  'inspect-unknown-critical': refused('a critical extension that is not known'),
  'inspect-ca-not-critical': refused('a CA whose basic constraints are not critical'),
  'inspect-ca-no-usage': refused('a CA without key usage'),
  'inspect-ca-no-id': refused('a CA without subject key identifier'),
  'inspect-ca-cannot-sign': refused('a CA whose key usage lacks keyCertSign'),
  'inspect-ca-ed25519': refused('a CA with an Ed25519 key'),
};

/** What some client refuses about one name of a certificate. */
export const certificateNameTemplates = {
  'inspect-name-is-address': nameRefused('an address written as a DNS name'),
  'inspect-name-final-dot': nameRefused('a name with a final dot'),
  'inspect-wildcard-too-wide': nameRefused('a wildcard directly under a top-level name'),
  'inspect-wildcard-inside': nameRefused('a wildcard that is not the whole left-most label'),
  'inspect-name-underscore': nameRefused('an underscore'),
};
