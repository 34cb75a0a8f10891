import { secretCommands, secretName, servesOnly } from './kubernetes.ts';
import { IDLE_SECONDS, type ReverseProxy, type Route, type Site, type SiteHost } from './site.ts';
import { textOf } from './text.ts';
import { yamlLines, type Yaml } from './yaml.ts';

/*
 * Facts: https://kubernetes.io/docs/concepts/services-networking/ingress/. What an Ingress cannot say is said in annotations,
 * each controller's own; these are ingress-nginx's, which was retired in March 2026 and is still what most have. Held
 * against the published schema; no test runs it.
 */

export const kubernetesIngress: ReverseProxy = {
  title: 'Kubernetes (Ingress)',
  write,
  check: undefined,
  reload: () => undefined,
  places: [{ system: 'any', file: 'a file of its own', enable: 'the commands at the top of the file' }],
  limits: (site) => [
    "limits of size, timeouts and the redirect are the controller's: the annotations in the file are for ingress-nginx, which also answers with HSTS unless its ConfigMap says hsts: false",
    'the Secrets are made, and renewed, by the commands in the file',
    ...(isUsual(site) ? [] : ["ports and addresses are the controller's: an Ingress names none"]),
    ...(site.hosts.some(({ routes }) => routes.some(({ upstreams }) => upstreams.length > 1))
      ? ['of several upstreams the first is used: a Service stands for them in a cluster']
      : []),
    ...(site.hosts.some(({ addresses }) => addresses.length > 0) ? ['an Ingress has no rules for addresses'] : []),
    ...(site.hosts.some((host) => isTls(host, 'some') && !isTls(host, 'every'))
      ? [
          'of a host with upstreams by https:// and by http:// all are asked by plain HTTP: an Ingress has one way for all',
        ]
      : []),
  ],
};

function isUsual({ listen, redirectFrom }: Site): boolean {
  const is = (listeners: Site['listen'], port: number) => listeners.every((at) => at.port === port && !at.address);
  return is(listen, 443) && is(redirectFrom, 80);
}

function write(site: Site, origin: string): string {
  servesOnly(site);
  return textOf(
    `# ${origin}`,
    secretCommands(site),
    site.hosts
      .map((host, h) => ingress(site, host, h))
      .filter((document) => document !== undefined)
      .map((document) => ['---', ...yamlLines(document)]),
  );
}

/** One a host, which has a certificate of its own; undefined where it has no names. */
function ingress(site: Site, host: SiteHost, h: number): Yaml | undefined {
  const { domains, routes } = host;
  if (domains.length === 0) return undefined;
  const nginx = (name: string): string => `nginx.ingress.kubernetes.io/${name}`;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: secretName(site, h),
      annotations: {
        [nginx('proxy-body-size')]: String(site.maxBody),
        [nginx('proxy-read-timeout')]: String(IDLE_SECONDS),
        [nginx('proxy-send-timeout')]: String(IDLE_SECONDS),
        [nginx('proxy-buffering')]: 'off',
        [nginx('force-ssl-redirect')]: String(site.redirectFrom.length > 0),
        ...(isTls(host, 'every') && { [nginx('backend-protocol')]: 'HTTPS' }),
      },
    },
    spec: {
      tls: [{ hosts: domains, secretName: secretName(site, h) }],
      rules: domains.map((name) => ({ host: name, http: { paths: routes.map(pathOf) } })),
    },
  };
}

function isTls({ routes }: SiteHost, of: 'some' | 'every'): boolean {
  return routes[of](({ upstreams }) => upstreams[0]?.tls);
}

/** A Service of the cluster, by the name of the upstream. */
function pathOf({ path, upstreams: [first] }: Route): Yaml {
  return {
    path,
    pathType: 'Prefix',
    backend: { service: { name: first?.host ?? '', port: { number: first?.port ?? 0 } } },
  };
}
