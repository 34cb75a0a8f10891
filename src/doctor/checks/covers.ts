import { covers as coversName, formatName, parseName } from '../../pki/names.ts';
import { bad, good, type Check } from '../check.ts';
import { certificatesFor, reloadHint } from '../proxies.ts';
import { servedBy } from '../served.ts';

export const covers: Check = {
  title: 'names',
  about:
    'The certificate that is shown is for the name that was asked. A wildcard is for one label, and not for the bare domain.',
  cure: 'Add the name to `altNames` of the host and run `rcssl apply`; where it is there, the server shows another certificate.',
  after: ['https', 'served'],
  async look(patient) {
    const { server } = patient;
    const asked = parseName(server?.host ?? '');
    const found = await servedBy(patient);
    if (!server || !found || !('name' in asked)) return [];
    const { names } = found.leaf;
    if (names.some((name) => coversName(name, asked.name))) return [good('doctor-covers', { host: server.host })];
    const isDeclared = certificatesFor(patient).length > 0;
    const fix = isDeclared ? reloadHint(patient) : undefined;
    return [bad('doctor-not-covered', { host: server.host, names: names.map(formatName), fix })];
  },
};
