import { bad, doubt, good, idle, type Check } from '../check.ts';
import { certificatesFor, reloadHint } from '../proxies.ts';
import { servedBy } from '../served.ts';

export const served: Check = {
  title: 'certificate',
  about: 'The server shows the certificate that the configuration declares for the name, as it is on the disk.',
  cure: 'Reload the server after a renewal (a hook or a declared proxy does it), and give it the declared files.',
  after: ['https'],
  async look(patient) {
    const { server, project } = patient;
    if (!server) return [];
    const found = await servedBy(patient);
    if (!found) return [bad('doctor-no-certificate', { port: server.port })];
    if (!project) return [idle('doctor-no-project', {})];
    const { leaf } = found;
    const same = project.certificates.find(({ facts }) => facts?.fingerprint === leaf.fingerprint);
    const all = certificatesFor(patient);
    const [wanted] = all;
    if (same && (all.includes(same) || !wanted)) return [good('doctor-served', { path: same.path })];
    if (same && wanted) {
      const args = { path: same.path, host: server.host, files: wanted.chainPath ?? wanted.path };
      return [bad('doctor-served-foreign', { ...args, reload: reloadHint(patient) })];
    }
    if (!wanted) return [doubt('doctor-undeclared', { host: server.host, config: project.config.file })];
    if (!wanted.facts) return [bad('doctor-not-made', { path: wanted.path })];
    const isOlder = leaf.notBefore < wanted.facts.notBefore && leaf.issuerDer === wanted.facts.issuerDer;
    const files = wanted.chainPath ?? wanted.path;
    return [
      bad('doctor-served-other', {
        from: leaf.notBefore,
        path: wanted.path,
        files,
        isOlder,
        reload: reloadHint(patient),
      }),
    ];
  },
};
