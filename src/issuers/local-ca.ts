import type { RootProfile } from '../desired/types.ts';
import type { Instant } from '../kernel/instant.ts';
import { readCertificate } from '../pki/certificate-read.ts';
import { issueLeaf, issueRoot } from '../pki/certificate-write.ts';
import { widen } from '../pki/constraints.ts';
import type { CertificateFacts } from '../pki/facts.ts';
import type { KeyPair } from '../pki/keys.ts';
import type { Issuer } from './issuer.ts';
import { windowAt } from './window.ts';

/** A root of our own: signs hosts at `now`, never for a time before its own. */
export function localCa(root: { readonly certificate: Buffer; readonly key: KeyPair }, now: Instant): Issuer {
  const { notBefore: earliest } = readCertificate(root.certificate);
  return {
    async issue({ profile, key }) {
      const window = windowAt(now, profile.validity, profile.renewBefore, earliest);
      const { commonName, subject, names, usage } = profile;
      return [
        await issueLeaf({
          commonName,
          subject,
          names,
          usage,
          spki: key.spki,
          keyKind: key.kind,
          ...window,
          issuer: root,
        }),
      ];
    },
  };
}

/**
 * A self-signed root. `previous` is the certificate that it renews with the same key: its subject stays byte for byte
 * unless another one is declared, so that chains go on, and its constraints only grow.
 */
export function selfSigned(
  profile: RootProfile,
  key: KeyPair,
  now: Instant,
  previous: { readonly facts: CertificateFacts; readonly sameSubject: boolean } | undefined,
): Promise<Buffer> {
  const { commonName, subject, constraints } = profile;
  const old = previous?.facts.nameConstraints;
  return issueRoot({
    key,
    commonName,
    subject,
    ...(previous?.facts.subjectKeyId !== undefined && { keyId: Buffer.from(previous.facts.subjectKeyId, 'hex') }),
    ...(previous?.sameSubject ? { subjectDer: Buffer.from(previous.facts.subjectDer, 'hex') } : {}),
    ...windowAt(now, profile.validity, profile.renewBefore, 0),
    constraints: constraints && old ? widen(old, constraints) : constraints,
  });
}
