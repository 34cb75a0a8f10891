import { MINUTE } from '../../kernel/duration.ts';
import { ProbeFault } from '../../kernel/ports.ts';
import { bad, doubt, good, type Check } from '../check.ts';

/** Clocks of two machines that nobody minds. */
const APART = 5 * MINUTE;

export const clock: Check = {
  title: 'clock',
  about: 'The clock of this computer is not before the project made its certificates, nor far from that of the server.',
  cure: 'Let the system set it by the network.',
  after: [],
  async look({ now, project, server, ports }) {
    const { system } = ports.computer();
    const certificates = project ? [project.root, ...project.certificates].flatMap((each) => each?.facts ?? []) : [];
    const first = Math.max(0, ...certificates.map(({ notBefore }) => notBefore));
    // They begin up to an hour before they are made.
    if (first > now) return [bad('doctor-clock-behind', { now, first, system })];
    const page = await server?.looks.page();
    const theirs = page && !(page instanceof ProbeFault) ? Date.parse(page.headers['date'] ?? '') : Number.NaN;
    if (Number.isFinite(theirs) && Math.abs(theirs - now) > APART)
      return [doubt('doctor-clock-apart', { now, theirs, system })];
    return certificates.length > 0 || Number.isFinite(theirs) ? [good('doctor-clock', { now })] : [];
  },
};
