import {
  command,
  signalled,
  bracketed,
  hostNames,
  IDLE_SECONDS,
  nameless,
  portSuffix,
  secondAddress,
  urlOf,
  type Listener,
  type ReverseProxy,
  type Route,
  type Site,
  type SiteHost,
  type Upstream,
} from './site.ts';
import { block, textOf, type Lines } from './text.ts';

/*
 * Facts: nginx 1.22.1, tested on Debian 12, and https://nginx.org/en/docs/. `listen … http2` is the form that every
 * version since 1.9.5 reads.
 */

export const nginx: ReverseProxy = {
  title: 'nginx',
  write,
  check: (file, { folder = '' }) => ({
    programs: ['nginx'],
    args: ['-t', '-q', '-e', `${folder}/error.log`, '-c', file],
  }),
  reload: (_, { folder }) =>
    folder === undefined ? { does: command('nginx', '-s', 'reload') } : signalled('SIGHUP', `${folder}/nginx.pid`),
  places: [
    {
      system: 'Debian, Ubuntu',
      file: '/etc/nginx/conf.d/rcssl.conf',
      enable: 'sudo nginx -t && sudo systemctl reload nginx',
    },
    {
      system: 'RHEL, Fedora',
      file: '/etc/nginx/conf.d/rcssl.conf',
      enable: 'sudo setsebool -P httpd_can_network_connect 1 && sudo systemctl reload nginx',
    },
    {
      system: 'Homebrew',
      file: '$(brew --prefix)/etc/nginx/servers/rcssl.conf',
      enable: 'brew services restart nginx',
    },
    { system: 'Windows', file: 'conf\\rcssl.conf, included in nginx.conf', enable: 'nginx -s reload' },
  ],
  limits: (site) => [
    ...(nameless(site)
      ? [
          'clients that connect by address send no server name: who asks for an unknown one sees the certificate of the address, and is refused with 421',
        ]
      : []),
    ...secondAddress(site),
    ...(upstreamsOf(site).some(({ host }) => !/^[\d.]+$|:|^localhost$/.test(host))
      ? ['nginx does not start, nor reload, while the name of an upstream does not resolve']
      : []),
    ...(pathsOf(site).some((path) => path.includes('$'))
      ? [
          "a pair whose path has a $ in it is read at each handshake, with the rights of nginx's worker: it may not read the key",
        ]
      : []),
    ...(site.folder === undefined && bucketSize(site) > SMALL_BUCKET
      ? [
          `names as long as these need server_names_hash_bucket_size ${bucketSize(site)}; in the http block of nginx.conf`,
        ]
      : []),
  ],
};

/** nginx has no escape for `$`: a variable that is one. Such a file is read at each handshake, with the worker's rights. */
const DOLLAR = 'rcssl_dollar';

/** A path as nginx reads it where it looks for no variables. */
function nginxString(text: string): string {
  const written = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `"${written}"`;
}

/** A path where it does: of a certificate and its key. */
function withoutVariables(path: string): string {
  return nginxString(path).replaceAll('$', `\${${DOLLAR}}`);
}

/** Bytes; what nginx has by itself on the usual processors. */
const SMALL_BUCKET = 64;

/** Bytes that hold the longest name with what nginx keeps beside it: two pointers and a length. nginx 1.22 asks so. */
function bucketSize({ hosts }: Site): number {
  const longest = Math.max(...hosts.flatMap(hostNames).map((name) => name.length));
  return 2 ** Math.ceil(Math.log2(Math.max(longest + 18, SMALL_BUCKET)));
}

function write(site: Site, origin: string): string {
  const http = [
    pathsOf(site).some((path) => path.includes('$')) && `geo $${DOLLAR} { default "$"; }`,
    `map $http_upgrade ${variable(site, 'connection')} { default upgrade; "" ""; }`,
    // A request line may name another host than its header, and it is the line that has chosen the server (RFC 9112, 3.2.2).
    `map "$host $http_host" ${variable(site, 'host')} { default $host; "~*^(\\S+) \\1\\.?(?::[0-9]+)?$" $http_host; }`,
    site.hosts.flatMap((host, h) => host.routes.flatMap((route, r) => upstreamBlock(site, route, h, r))),
    site.redirectFrom.length > 0 && [
      refusal(site.redirectFrom, site.folder !== undefined),
      site.hosts.map((host) => redirect(site, host)),
    ],
    tlsRefusal(site),
    site.hosts.map((host, h) => server(site, host, h)),
  ];
  const { folder } = site;
  if (folder === undefined)
    return textOf(`# ${origin}`, '# To be included in the http block: /etc/nginx/conf.d/ or http.d/.', http);
  const inFolder = (name: string): string => nginxString(`${folder}/${name}`);
  return textOf(
    `# ${origin}`,
    `pid ${inFolder('nginx.pid')};`,
    `error_log ${inFolder('error.log')} warn;`,
    // A socket of a client is two: that to the app.
    'worker_rlimit_nofile 8192;',
    'events { worker_connections 8192; }',
    block('http {', [
      'access_log off;',
      bucketSize(site) > SMALL_BUCKET && `server_names_hash_bucket_size ${bucketSize(site)};`,
      ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `${kind}_temp_path ${inFolder(`${kind}_temp`)};`,
      ),
      http,
    ]),
  );
}

function upstreamsOf({ hosts }: Site): Upstream[] {
  return hosts.flatMap(({ routes }) => routes.flatMap(({ upstreams }) => upstreams));
}

function pathsOf({ hosts }: Site): string[] {
  return hosts.flatMap(({ key, chain }) => [key, chain]);
}

function variable({ name }: Site, what: 'connection' | 'host'): string {
  return `$rcssl_${name.replaceAll('-', '_')}_${what}`;
}

function upstreamName({ name }: Site, host: number, route: number): string {
  return `rcssl_${name}_${host}_${route}`;
}

/** Each client stays with one of several: WebSockets, and the polls that stand in for them, need it. */
function upstreamBlock(site: Site, { upstreams }: Route, h: number, r: number): Lines {
  if (upstreams.length < 2) return [];
  const servers = upstreams.map(({ host, port }) => `server ${bracketed(host)}:${port};`);
  return block(`upstream ${upstreamName(site, h, r)} {`, ['ip_hash;', servers]);
}

function listens(listeners: readonly Listener[], more: string): string[] {
  return listeners.flatMap(({ address, port }) => {
    if (address === undefined) return [`listen ${port}${more};`, `listen [::]:${port}${more};`];
    return [`listen ${bracketed(address)}:${port}${more};`];
  });
}

/** Whoever asks for a name that nobody has. In a configuration with others' sites the first server of a port is its default. */
function refusal(listeners: readonly Listener[], alone: boolean): Lines {
  return block('server {', [listens(listeners, alone ? ' default_server' : ''), 'server_name "";', 'return 421;']);
}

function names(host: SiteHost): string {
  const written = hostNames(host).map((name) => {
    // nginx's own wildcard goes any number of labels deep.
    return name.startsWith('*.')
      ? `"~^[^.]+${name.slice(1).replaceAll('.', '[.]')}$"`
      : name.startsWith('[')
        ? `"${name}"`
        : name;
  });
  return `server_name ${written.join(' ')};`;
}

function redirect(site: Site, host: SiteHost): Lines {
  return block('server {', [
    listens(site.redirectFrom, ''),
    names(host),
    `return 308 https://$host${portSuffix(site)}$request_uri;`,
  ]);
}

function tlsRefusal(site: Site): Lines {
  const open = nameless(site);
  return block('server {', [
    listens(site.listen, ' ssl http2 default_server'),
    'server_name "";',
    // Without a server name there is only the default to answer.
    open ? [certificate(open), clientAuth(open)] : 'ssl_reject_handshake on;',
    protocols(),
    'return 421;',
  ]);
}

function protocols(): string {
  return 'ssl_protocols TLSv1.2 TLSv1.3;';
}

function certificate({ key, chain }: SiteHost): Lines {
  return [`ssl_certificate ${withoutVariables(chain)};`, `ssl_certificate_key ${withoutVariables(key)};`];
}

function clientAuth({ clientAuth: auth }: SiteHost): Lines {
  return (
    auth && [
      `ssl_client_certificate ${nginxString(auth.ca)};`,
      `ssl_verify_client ${auth.optional ? 'optional' : 'on'};`,
    ]
  );
}

function server(site: Site, host: SiteHost, h: number): Lines {
  return block('server {', [
    listens(site.listen, ' ssl http2'),
    names(host),
    certificate(host),
    clientAuth(host),
    protocols(),
    `client_max_body_size ${site.maxBody};`,
    site.hsts !== undefined && `add_header Strict-Transport-Security "max-age=${site.hsts}" always;`,
    host.routes.map((route, r) => locations(site, host, route, [h, r])),
  ]);
}

/** `/api` and what is below it, and not `/apis`. */
function locations(site: Site, _: SiteHost, route: Route, [h, r]: readonly [number, number]): Lines {
  const body = proxied(site, route, upstreamName(site, h, r));
  if (route.path === '/') return block('location / {', body);
  return [block(`location = ${route.path} {`, body), block(`location ^~ ${route.path}/ {`, body)];
}

/** One `proxy_set_header` discards all inherited ones, so each location has them all. */
function proxied(site: Site, { upstreams }: Route, group: string): Lines {
  const [first] = upstreams;
  if (first === undefined) return [];
  const target = upstreams.length > 1 ? `${first.tls ? 'https' : 'http'}://${group}` : urlOf(first);
  return [
    `proxy_pass ${target};`,
    first.tls && ['proxy_ssl_server_name on;', 'proxy_ssl_name $host;'],
    'proxy_http_version 1.1;',
    `proxy_set_header Host ${variable(site, 'host')};`,
    'proxy_set_header Upgrade $http_upgrade;',
    `proxy_set_header Connection ${variable(site, 'connection')};`,
    'proxy_set_header X-Forwarded-For $remote_addr;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    `proxy_set_header X-Forwarded-Host ${variable(site, 'host')};`,
    'proxy_set_header X-Forwarded-Port $server_port;',
    'proxy_set_header X-Real-IP $remote_addr;',
    // It drops names with an underscore by itself.
    ['Forwarded', 'X-Forwarded-Server'].map((name) => `proxy_set_header ${name} "";`),
    'proxy_buffering off;',
    'proxy_request_buffering off;',
    `proxy_read_timeout ${IDLE_SECONDS}s;`,
    `proxy_send_timeout ${IDLE_SECONDS}s;`,
  ];
}
