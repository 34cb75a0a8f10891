import { basename, dirname, join } from 'node:path';
import type { Config, ProxyConfig } from '../config/types.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { origin, sealed } from '../formats/seal.ts';
import { checkFolderName } from '../kernel/check-folder.ts';
import { MINUTE } from '../kernel/duration.ts';
import type { Hook } from '../kernel/hook.ts';
import { isInside, pathFrom } from '../kernel/path.ts';
import { REVERSE_PROXIES } from '../reverse-proxy/registry.ts';
import { Unservable, Unwritable, type ReverseProxy, type Site, type SiteHost } from '../reverse-proxy/site.ts';
import { collisions } from './collisions.ts';
import { listenersAway } from './listeners-away.ts';
import { placer, PUBLIC_MODE, type Place } from './desired.ts';
import { siteOf } from './proxy-site.ts';
import type { CopyArtifact, Desired, DesiredCa, DesiredProxy, ProxyArtifact, ProxyCheck } from './types.ts';

/** What a reload may take. */
const RELOAD = MINUTE / 2;

/** Adds the proxies of a configuration to what is desired. What a server's language cannot say is told, all at once. */
export async function withProxies(
  desired: Desired,
  config: Config,
): Promise<{ readonly desired: Desired; readonly diagnostics: readonly Diagnostic[] }> {
  const place = placer(config.outDir);
  const diagnostics: Diagnostic[] = [];
  const loaded = await Promise.all(
    config.proxies.map(async (proxy) => ({ proxy, server: await REVERSE_PROXIES[proxy.server].load() })),
  );
  const proxies = loaded.flatMap(({ proxy, server }, index) => {
    try {
      return desiredProxy(proxy, server, desired, place);
    } catch (error) {
      const at = { file: config.file, path: `proxies[${index}]` };
      if (error instanceof Unwritable) {
        const args = { path: pathFrom(config.root, error.path), why: error.message };
        diagnostics.push(diagnostic('proxy-unwritable', args, at));
      } else if (error instanceof Unservable) {
        diagnostics.push(diagnostic('proxy-unservable', { why: error.message, cure: error.cure }, at));
      } else throw error;
      return [];
    }
  });
  const all = { ...desired, proxies };
  // Of proxies that could not be written there is none to compare.
  const places = config.proxies.map((_, index) => `proxies[${index}]`);
  return { desired: all, diagnostics: diagnostics.length > 0 ? diagnostics : collisions(all, config.file, places) };
}

function desiredProxy(proxy: ProxyConfig, server: ReverseProxy, desired: Desired, place: Place): DesiredProxy {
  const { id, name, output } = proxy;
  const folder = proxy.standalone ? join(dirname(output.path), `${name}.run`) : undefined;
  const usesRoot = proxy.clientAuth !== undefined && proxy.clientAuth.ca === undefined;
  const copy = usesRoot ? rootCopy(proxy, desired.ca, place) : undefined;
  const site = siteOf(proxy, desired, folder, copy?.path);
  keepOut(proxy, server.mounts?.(site) ?? [], desired);
  const mark = origin(desired.configFile);
  const text = (to: ProxyConfig['output'], content: string): ProxyArtifact => ({
    artifact: 'proxy',
    owner: id,
    ...place(to, PUBLIC_MODE),
    text: sealed(content),
  });
  const beside = (name: string) => ({ ...output, path: join(dirname(output.path), name) });
  const more = server.more?.(site, mark) ?? [];
  const files: [ProxyArtifact, ...ProxyArtifact[]] = [
    text(output, server.write(site, mark)),
    ...more.map((file) => text(beside(file.name), file.text)),
  ];
  if (folder !== undefined) {
    // The server writes there, and nothing of it belongs into git.
    files.push(text({ path: join(folder, '.gitignore'), mode: undefined, group: undefined }, `# ${mark}\n*\n`));
  }
  return {
    id,
    name,
    title: server.title,
    files,
    runFolder: folder,
    hosts: usesRoot ? [...proxy.hosts, desired.ca.id] : proxy.hosts,
    reads: readsOf(proxy, desired, usesRoot),
    copy,
    clientCa: proxy.clientAuth?.ca,
    reload: reloadHook(proxy, server, site, files),
    check: proxy.validate ? checkOf(server, site, name, desired) : undefined,
    limits: server.limits(site),
  };
}

/** A container that gets a folder gets every key in it: there may be none but those of its hosts. */
function keepOut({ hosts }: ProxyConfig, mounts: readonly string[], { ca, hosts: all }: Desired): void {
  const others = all.filter(({ id }) => !hosts.includes(id)).flatMap(({ key, combined, pfx }) => [key, combined, pfx]);
  for (const folder of mounts) {
    const found = [ca.key, ...others].find((artifact) => artifact && isInside(folder, artifact.path));
    if (found) {
      throw new Unservable(
        `the container would get ${folder} with ${basename(found.path)} in it, a key that is none of its hosts'`,
        'an output of its own for that key, in a folder that no host of the proxy has its files in',
      );
    }
  }
}

/** A server of another user may not look into the folders of a shared root: it gets the certificate beside its configuration. */
function rootCopy({ id, name, output }: ProxyConfig, ca: DesiredCa, place: Place): CopyArtifact | undefined {
  if (ca.sharedFolder === undefined || ca.copy !== undefined) return undefined;
  const to = { path: join(dirname(output.path), `${name}.ca.crt`), mode: undefined, group: undefined };
  return { artifact: 'copy', owner: id, ...place(to, PUBLIC_MODE) };
}

/** The pairs of its hosts, and the root where clients are to have a certificate of it. */
function readsOf({ hosts, clientAuth }: ProxyConfig, desired: Desired, usesRoot: boolean): DesiredProxy['reads'] {
  const { ca } = desired;
  const roots = [ca.certificate, ca.copy].filter((root) => usesRoot || root?.path === clientAuth?.ca);
  const served = desired.hosts.filter(({ id }) => hosts.includes(id));
  const pairs = served.flatMap((host) => [host.key, host.fullchain ?? host.certificate, host.combined]);
  return [...pairs, ...(clientAuth ? roots : [])].flatMap((artifact) =>
    artifact ? [{ owner: artifact.owner, path: artifact.path }] : [],
  );
}

/** What runs once a file has changed that the server reads. */
function reloadHook(
  { id, output, reload }: ProxyConfig,
  server: ReverseProxy,
  site: Site,
  files: readonly ProxyArtifact[],
): Hook | undefined {
  if (reload === false) return undefined;
  const how =
    reload === true
      ? server.reload(output.path, site)
      : { does: { kind: 'command', argv: reload, shell: false } as const };
  const pairs = site.hosts.flatMap(({ key, chain, combined, pfx, clientAuth }) => [
    key,
    chain,
    combined,
    pfx,
    clientAuth?.ca ?? '',
  ]);
  const programs = server.check?.(output.path, site).programs;
  const does = how?.does.kind === 'signal' && programs ? { ...how.does, programs } : how?.does;
  return (
    does && {
      key: `${id}#reload`,
      on: { paths: [...files.map(({ path }) => path), ...pairs] },
      timeout: RELOAD,
      ...how,
      does,
    }
  );
}

/** The same site as a whole configuration that touches nothing outside of a folder of its own. */
function checkOf(
  server: ReverseProxy,
  site: Site,
  name: string,
  { root, configFile }: Desired,
): ProxyCheck | undefined {
  if (!server.check) return undefined;
  const folder = join(root, '.rcssl', checkFolderName(name));
  const file = join(folder, 'configuration');
  const copies: { from: string; to: string }[] = [];
  const copy = (from: string, to: string): string => {
    copies.push({ from, to: join(folder, to) });
    return join(folder, to);
  };
  const hosts = site.hosts.map((host, h): SiteHost => ({
    ...host,
    key: copy(host.key, `host-${h}.key`),
    chain: copy(host.chain, `host-${h}.chain.pem`),
    combined: host.combined === '' ? '' : copy(host.combined, `host-${h}.pem`),
    clientAuth: host.clientAuth && { ...host.clientAuth, ca: copy(host.clientAuth.ca, `host-${h}.ca.crt`) },
    // Names that only another machine resolves are no fault of the configuration.
    routes: host.routes.map(({ path, upstreams }) => ({
      path,
      upstreams: upstreams.map((upstream) => ({ ...upstream, host: '127.0.0.1' })),
    })),
  }));
  const checked: Site = { ...site, output: file, folder, hosts, ...listenersAway(site) };
  const mark = origin(configFile);
  const more = server.more?.(checked, mark) ?? [];
  const texts = [
    { path: file, text: sealed(server.write(checked, mark)) },
    ...more.map(({ name, text }) => ({ path: join(folder, name), text: sealed(text) })),
  ];
  return {
    folder,
    ...server.check(file, checked),
    texts,
    // Of keys there are no more copies than the server reads.
    copies: copies.filter(({ to }) => texts.some(({ text }) => text.includes(basename(to)))),
    pairs: site.hosts.map(({ key, chain }) => ({ key, chain })),
  };
}
