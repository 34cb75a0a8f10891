import type { CertificateFacts } from '../../pki/facts.ts';
import { describe } from '../../diagnostics/diagnostic.ts';
import type { Case } from '../case.ts';
import { doubt, good, type Check } from '../check.ts';
import { certificatesFor } from '../proxies.ts';
import { servedBy } from '../served.ts';

/** What `expiry` says better. */
const OF_TIME: readonly string[] = ['inspect-expired', 'inspect-not-yet-valid'];

export const clients: Check = {
  title: 'clients',
  about:
    'Nothing in the certificate, or in the root, makes a known client refuse it: age limits, names, algorithms, usages.',
  cure: 'Change what is named in the configuration. docs/certificates.md has what each client wants.',
  after: [],
  async look(patient) {
    const all = await certificates(patient);
    const findings = all.flatMap(({ name, facts, isOurs }) =>
      patient
        .refusals(facts)
        .filter(({ code }) => !OF_TIME.includes(code))
        .map((told) => doubt('doctor-client-refuses', { name, why: told.code, text: describe(told).text, isOurs })),
    );
    if (findings.length > 0) return findings;
    return all.length > 0 ? [good('doctor-clients', {})] : [];
  },
};

/** What the server shows; without one every certificate of the project. The root in any case. */
async function certificates(patient: Case): Promise<{ name: string; facts: CertificateFacts; isOurs: boolean }[]> {
  const { project, server } = patient;
  const served = await servedBy(patient);
  const ours = (server ? certificatesFor(patient) : (project?.certificates ?? [])).flatMap(({ name, facts }) =>
    facts ? [{ name, facts, isOurs: true }] : [],
  );
  const isOurs = ours.some(({ facts }) => facts.fingerprint === served?.leaf.fingerprint);
  const leaves = served ? [{ name: server?.host ?? '', facts: served.leaf, isOurs }] : ours;
  return project?.root ? [...leaves, { name: project.ca, facts: project.root.facts, isOurs: true }] : leaves;
}
