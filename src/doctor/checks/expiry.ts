import { DAY } from '../../kernel/duration.ts';
import { bad, doubt, good, type Check } from '../check.ts';
import { certificatesFor, reloadHint } from '../proxies.ts';
import { servedBy } from '../served.ts';

/** So near its end a certificate ends over a long weekend. */
const SOON = 3 * DAY;

export const expiry: Check = {
  title: 'validity',
  about: 'The certificate that is shown is valid now, and for three days more.',
  cure: '`rcssl apply` renews it, and the server is reloaded; `rcssl watch` does both in time.',
  after: ['https'],
  async look(patient) {
    const found = await servedBy(patient);
    if (!found) return [];
    const { notBefore, notAfter } = found.leaf;
    const { now } = patient;
    if (notBefore > now) return [bad('doctor-not-yet', { from: notBefore, now })];
    if (notAfter > now + SOON) return [good('doctor-valid', { until: notAfter })];
    // The renewed one may lie on the disk for long.
    const isRenewed = certificatesFor(patient).some(({ facts }) => facts !== undefined && facts.notAfter > notAfter);
    const fix = isRenewed ? reloadHint(patient) : 'rcssl apply';
    return [
      notAfter < now
        ? bad('doctor-expired', { until: notAfter, fix })
        : doubt('doctor-ends-soon', { until: notAfter, fix }),
    ];
  },
};
