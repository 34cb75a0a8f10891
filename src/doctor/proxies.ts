import type { Upstream } from '../config/types.ts';
import { covers, parseName } from '../pki/names.ts';
import type { Case, DeclaredCertificate, DeclaredProxy, Server } from './case.ts';

/** Enough of a case to know which parts of the project are meant. */
interface Asked {
  readonly project: Case['project'];
  readonly server: Pick<Server, 'host'> | undefined;
}

/** The certificates of the project that are for the host that was named. */
export function certificatesFor({ project, server }: Asked): readonly DeclaredCertificate[] {
  if (!project || !server) return [];
  const asked = parseName(server.host);
  if (!('name' in asked)) return [];
  return project.certificates.filter(({ names }) => names.some((name) => covers(name, asked.name)));
}

/** The declared proxies that serve that host; all of them where none was named. */
export function proxiesFor(patient: Asked): readonly DeclaredProxy[] {
  const { project, server } = patient;
  if (!project || !server) return project?.proxies ?? [];
  const owners = certificatesFor(patient).map(({ owner }) => owner);
  return project.proxies.filter(({ config }) => config.hosts.some((owner) => owners.includes(owner)));
}

/** The one behind the port that was asked, as far as that is declared. */
export function proxyAtPort(patient: Case): DeclaredProxy | undefined {
  const port = patient.server?.port;
  return proxiesFor(patient).find(({ config }) => config.listen.some((address) => address.port === port));
}

/** That proxy asks clients of this host for a certificate, and lets nobody in without one. */
export function wantsCertificate(patient: Case): boolean {
  const auth = proxyAtPort(patient)?.config.clientAuth;
  if (!auth || auth.optional) return false;
  return certificatesFor(patient).some(({ owner }) => auth.hosts.includes(owner));
}

/** The app that it sends this path of this host to: the longest path that it is below. */
export function upstreamAt(patient: Case, path: string): Upstream | undefined {
  const owners = certificatesFor(patient).map(({ owner }) => owner);
  const plain = path.replace(/[?#].*$/s, '');
  const isBelow = (of: string): boolean => of === '/' || plain === of || plain.startsWith(`${of}/`);
  const routes = (proxyAtPort(patient)?.config.routes ?? []).filter(
    (route) => isBelow(route.path) && (route.host === undefined || owners.includes(route.host)),
  );
  return routes.toSorted((a, b) => b.path.length - a.path.length)[0]?.upstreams[0];
}

/** `sudo nginx -s reload`, or the same in words. */
export function reloadHint(patient: Case): string {
  const proxy = proxyAtPort(patient);
  if (!proxy) return 'reload the server, or restart it: it goes on with what it read when it started';
  return proxy.reload ?? `reload ${proxy.config.server}, which goes on with what it read when it started`;
}
