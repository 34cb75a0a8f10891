import { parseAddress, parseUpstream } from '../config/normalise-proxies.ts';
import type { UserProxy } from '../config/user-config.ts';
import { diagnostic, RcsslError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { unsealed } from '../formats/seal.ts';
import { artifactsOf } from '../inventory/inventory.ts';
import { pathFrom } from '../kernel/path.ts';
import type { World } from '../kernel/ports.ts';
import { REVERSE_PROXIES, SERVERS, type ProxyServer } from '../reverse-proxy/registry.ts';
import { openProject, planOptions, type Project } from './project.ts';
import type { ProjectOptions } from './types.ts';

export interface ProxyOptions extends ProjectOptions {
  readonly server: ProxyServer;
  /** The app's addresses, with commas between them: `http://127.0.0.1:3000`. Default: the guide's. */
  readonly upstream?: string | undefined;
  /** Ports and addresses, with commas between them: `443`, `127.0.0.1:8443,[::1]:8443`. */
  readonly listen?: string | undefined;
  /** Likewise, or `none`. */
  readonly redirectFrom?: string | undefined;
  /** The declared hosts that it serves. Default: all. */
  readonly only?: readonly string[];
}

export interface ProxyText {
  readonly root: string;
  readonly config: string;
  readonly server: ProxyServer;
  readonly title: string;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ServerEntry {
  readonly server: ProxyServer;
  readonly title: string;
  readonly places: readonly { readonly system: string; readonly file: string; readonly enable: string }[];
}

/** The servers that rcssl can configure, with where their files go and what makes them read those. */
export function listServers(): Promise<ServerEntry[]> {
  return Promise.all(
    SERVERS.map(async (server) => {
      const { title, places } = await REVERSE_PROXIES[server].load();
      return { server, title, places };
    }),
  );
}

/**
 * The configuration of a server in front of the declared hosts, as if it were declared. Writes nothing. Throws `RcsslError`.
 */
export async function proxyText(world: World, options: ProxyOptions): Promise<ProxyText> {
  const proxy = userProxy(options);
  const declared = await openProject(world, options);
  // An unknown host is told as one of the command line.
  planOptions(declared, options);
  const project = await openProject(world, options, { proxies: [proxy] });
  const { config, desired } = project;
  const [only] = desired.proxies;
  if (!only) throw new Error('a configuration with one proxy has one');
  const [main, ...more] = only.files;
  const diagnostics = [
    ...project.diagnostics,
    ...only.limits.map((limit) => diagnostic('proxy-limit', { name: only.name, limit })),
  ];
  const needed = [...more.map(({ path }) => path), ...unmade(project, declared)];
  if (needed.length > 0) {
    const files = needed.map((path) => pathFrom(config.root, path));
    diagnostics.push(diagnostic('proxy-needs-declaring', { server: options.server, title: only.title, files }));
  }
  const { server } = options;
  return { root: config.root, config: config.file, server, title: only.title, text: unsealed(main.text), diagnostics };
}

function userProxy({ server, upstream, listen, redirectFrom, only }: ProxyOptions): UserProxy {
  const upstreams = upstream?.split(',');
  const listens = listen?.split(',');
  const redirects = redirectFrom === 'none' ? undefined : redirectFrom?.split(',');
  const wrong = [
    ...bad('--upstream', upstreams, (text) => parseUpstream(text) !== undefined, 'http://127.0.0.1:3000'),
    ...bad('--listen', listens, (text) => parseAddress(text) !== undefined, "8443 or '[::1]:8443'"),
    ...bad('--redirect-from', redirects, (text) => parseAddress(text) !== undefined, '8080, or none'),
  ];
  if (wrong.length > 0) throw new RcsslError(wrong);
  return {
    server,
    ...(upstreams && { upstream: upstreams }),
    ...(listens && { listen: listens }),
    ...(redirectFrom !== undefined && { redirectFrom: redirects ?? false }),
    ...(only && { hosts: [...only] }),
  };
}

function bad(
  flag: string,
  values: readonly string[] = [],
  isGood: (text: string) => boolean,
  example: string,
): Diagnostic[] {
  return values
    .filter((text) => !isGood(text))
    .map((text) => diagnostic('cli-bad-value', { flag, value: JSON.stringify(text), example }));
}

/** What the server wants of its hosts that apply makes for a declared proxy alone. */
function unmade({ desired }: Project, declared: Project): string[] {
  const made = new Set(artifactsOf(declared.desired).map(({ path }) => path));
  return artifactsOf(desired).flatMap(({ artifact, path }) => (artifact !== 'proxy' && !made.has(path) ? path : []));
}
