import type { CertificateFacts } from '../../pki/facts.ts';
import { certifies } from '../../pki/certifies.ts';
import { bad, good, type Check } from '../check.ts';
import { certificatesFor, reloadHint } from '../proxies.ts';
import { servedBy, type Served } from '../served.ts';

/** What `validity` says better. */
const OF_TIME: readonly string[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

export const chain: Check = {
  title: 'chain',
  about: 'The server sends every certificate between its own and the root, and that root is the one of the project.',
  cure: 'Give the server the full chain (`fullchain`) in place of the bare certificate.',
  after: ['https', 'served'],
  async look(patient) {
    const found = await servedBy(patient);
    if (!found) return [];
    const { project } = patient;
    const { leaf, chain: sent, fault } = found;
    const last = sent.at(-1);
    if (!project?.root) return underPublicRoots(found);
    const { der } = project.root;
    if (last && isLinked(sent) && (certifies(der, last.der) || der.equals(last.der))) {
      if (fault === undefined || OF_TIME.includes(fault)) return [good('doctor-chain', { root: project.ca })];
      return [bad('doctor-chain-refused', { root: project.ca, fault })];
    }
    if (leaf.subjectDer === leaf.issuerDer) return [bad('doctor-self-signed', { reload: reloadHint(patient) })];
    const mine = certificatesFor(patient).find(({ facts }) => facts?.fingerprint === leaf.fingerprint);
    const [issuer, root] = [issuerOf(last?.facts ?? leaf), project.ca];
    // Ours, and not by today's root: that one has come since.
    if (mine) return [bad('doctor-chain-left', { issuer, root })];
    return [bad('doctor-chain-broken', { issuer, root })];
  },
};

function underPublicRoots({ leaf, chain: sent, fault }: Served) {
  if (fault === undefined) return [good('doctor-chain-public', {})];
  return [bad('doctor-chain-unverified', { issuer: issuerOf(sent.at(-1)?.facts ?? leaf), fault })];
}

function issuerOf({ issuer }: CertificateFacts): string {
  return issuer.find(([attribute]) => attribute === 'CN')?.[1] ?? 'somebody without a name';
}

/** Each is signed by the next. */
function isLinked(sent: Served['chain']): boolean {
  return sent.every(({ der }, i) => {
    const next = sent[i + 1];
    return next === undefined || certifies(next.der, der);
  });
}
