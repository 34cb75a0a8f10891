import {
  bracketed,
  command,
  FROM_OUTSIDE,
  hostNames,
  nameless,
  portSuffix,
  Unwritable,
  type Listener,
  type ReverseProxy,
  type Route,
  type Site,
  type SiteHost,
} from './site.ts';
import { block, textOf, type Lines } from './text.ts';

/* Facts: Caddy 2.6.2, tested on Debian 12, and https://caddyserver.com/docs/caddyfile. */

export const caddy: ReverseProxy = {
  title: 'Caddy',
  write,
  check: (file) => ({ programs: ['caddy'], args: ['validate', '--adapter', 'caddyfile', '--config', file] }),
  reload: (file, { folder }) =>
    folder === undefined
      ? { does: command('systemctl', 'try-reload-or-restart', 'caddy') }
      : caddyReload(folder, '--adapter', 'caddyfile', '--config', file),
  places: [
    {
      system: 'Debian, Ubuntu, RHEL, Fedora',
      file: '/etc/caddy/sites/rcssl, with import sites/* in /etc/caddy/Caddyfile',
      enable: 'sudo systemctl reload caddy',
    },
    { system: 'Homebrew', file: '$(brew --prefix)/etc/Caddyfile', enable: 'brew services restart caddy' },
    { system: 'Windows', file: 'Caddyfile beside caddy.exe', enable: 'caddy reload --force' },
  ],
  limits: (site) => [
    ...caddyLimits(site),
    ...(nameless(site) && site.hosts.some(({ clientAuth }) => clientAuth)
      ? [
          'where a host asks for a certificate, Caddy wants each request to be for the name of its handshake: who connects by address is refused with 421; caddy-json serves both',
        ]
      : []),
    ...(redirectsByItself(site) ? [`Caddy listens on port 80 and redirects from it by itself: ${NO_REDIRECTS}`] : []),
  ],
};

const NO_REDIRECTS = 'auto_https disable_redirects in the global options of its Caddyfile switches that off';

/** A part has no say in the global options. */
function redirectsByItself({ folder, redirectFrom }: Site): boolean {
  return folder === undefined && !redirectFrom.some(({ port }) => port === 80);
}

/** Without --force an unchanged configuration keeps the old certificate. */
export function caddyReload(folder: string, ...args: string[]): ReturnType<ReverseProxy['reload']> {
  const socket = `${folder}/admin.sock`;
  return { does: command('caddy', 'reload', '--force', ...args, '--address', `unix/${socket}`), runningIf: [socket] };
}

export function caddyLimits(site: Site): string[] {
  return [
    'a reload cuts open WebSockets, and may close a connection that is just coming in; clients connect again',
    ...(site.hosts.some(({ routes }) => routes.length > 1)
      ? ['paths are compared without regard to case: /API is /api']
      : []),
    ...(nameless(site)
      ? [
          'clients that connect by address send no server name and see the certificate of the address; a request for an unknown host is refused with 421',
        ]
      : []),
  ];
}

/** Node closes a connection that idled for 5 s: a body that is sent just then is lost, and answered with 502. */
export const KEEP_ALIVE = '2s';

/** Caddy replaces placeholders such as {env.HOME} in the paths of certificates since 2.7.6. */
export function refusePlaceholders(text: string): string {
  // That of a variable, {$NAME}, is of a Caddyfile, where it is written so that it stays.
  if (/\{[^{}$][^{}]*\}/.test(text))
    throw new Unwritable(text, 'Caddy would take the part in braces for a placeholder');
  return text;
}

/** The limit of a body alone answers a declared length over it with 502. */
export function lengthOver(maxBody: number): string {
  const length = '{http.request.header.Content-Length}';
  return `\`${length}.size() > 0 && int(${length}) > ${maxBody}\``;
}

/** A path as a Caddyfile has it: nothing is special between backticks, but {$NAME} is replaced even there. */
function caddyString(text: string): string {
  // Of a variable that nobody sets, the default is what stands there.
  const written = refusePlaceholders(text).replaceAll('{$', '{$RCSSL_NONE:{}$');
  if (!written.includes('`')) return `\`${written}\``;
  if (written.includes('\\'))
    throw new Unwritable(text, 'a Caddyfile cannot name a path with both a backtick and a backslash; caddy-json can');
  return `"${written.replaceAll('"', '\\"')}"`;
}

function write(site: Site, origin: string): string {
  const { folder } = site;
  return textOf(
    `# ${origin}`,
    folder === undefined
      ? [
          '# To be imported at the top level of /etc/caddy/Caddyfile: import /etc/caddy/sites/*',
          redirectsByItself(site) && `# Port 80: ${NO_REDIRECTS}.`,
        ]
      : block('{', [
          `admin ${caddyString(`unix/${folder}/admin.sock`)}`,
          'auto_https off',
          'skip_install_trust',
          `storage file_system ${caddyString(`${folder}/caddy`)}`,
        ]),
    caddyfile(site),
  );
}

/** The sites alone; `more` is said of every connection to the app. */
export function caddyfile(site: Site, more: Lines = []): Lines {
  const open = nameless(site);
  return [
    portsOf(site.redirectFrom).map((port) => plain(site, port)),
    portsOf(site.listen).map((port) => [
      // Caddy answers a known name with an empty 200 where no site has it; without a certificate it refuses unknown ones.
      block(`${addressesOf(port, 'https', [''])} {`, [
        bind(port),
        open ? tls({ ...open, clientAuth: undefined }) : [],
        'respond 421',
      ]),
      site.hosts.map((host) => application(site, port, host, more)),
    ]),
  ];
}

/** A port, and the addresses that it is open on; undefined: on all. */
interface Port {
  readonly port: number;
  readonly addresses: readonly string[] | undefined;
}

/** One a block: what a block is bound to holds for all of its ports. */
function portsOf(listeners: readonly Listener[]): Port[] {
  return [...new Set(listeners.map(({ port }) => port))].map((port) => {
    const all = listeners.filter((one) => one.port === port).map(({ address }) => address);
    const addresses = all.filter((address) => address !== undefined);
    return { port, addresses: addresses.length === all.length ? [...new Set(addresses)] : undefined };
  });
}

/** A site's address names the port; what it is bound to stands in the block. */
function addressesOf({ port }: Port, scheme: string, hosts: readonly string[]): string {
  return hosts.map((host) => `${scheme}://${host}:${port}`).join(', ');
}

function bind({ addresses }: Port): Lines {
  return addresses !== undefined && `bind ${addresses.join(' ')}`;
}

function plain(site: Site, port: Port): Lines {
  return [
    block(`${addressesOf(port, 'http', [''])} {`, [bind(port), 'respond 421']),
    block(`${addressesOf(port, 'http', site.hosts.flatMap(hostNames))} {`, [
      bind(port),
      `redir https://{host}${portSuffix(site)}{uri} 308`,
    ]),
  ];
}

function tls({ key, chain, clientAuth: auth }: SiteHost): Lines {
  const pair = `tls ${caddyString(chain)} ${caddyString(key)}`;
  if (!auth) return pair;
  const mode = auth.optional ? 'verify_if_given' : 'require_and_verify';
  return block(`${pair} {`, block('client_auth {', [`mode ${mode}`, `trusted_ca_cert_file ${caddyString(auth.ca)}`]));
}

function application(site: Site, port: Port, host: SiteHost, more: Lines): Lines {
  return block(`${addressesOf(port, 'https', hostNames(host))} {`, [
    bind(port),
    tls(host),
    `@rcssl_large expression ${lengthOver(site.maxBody)}`,
    block('handle @rcssl_large {', 'respond 413'),
    block('request_body {', `max_size ${site.maxBody}`),
    site.hsts !== undefined && `header Strict-Transport-Security "max-age=${site.hsts}"`,
    host.routes.map((route, r) => handled(port, route, r, more)),
  ]);
}

function handled({ port: own }: Port, { path, upstreams }: Route, r: number, more: Lines): Lines {
  const shared = upstreams.length > 1;
  const to = upstreams.map(({ tls, host, port }) => `${tls ? 'https' : 'http'}://${bracketed(host)}:${port}`);
  const proxied = block(`reverse_proxy ${to.join(' ')} {`, [
    shared && `lb_policy cookie rcssl_${r}`,
    block('transport http {', [`keepalive ${KEEP_ALIVE}`, upstreams[0]?.tls && 'tls_insecure_skip_verify']),
    'header_up Host {http.request.hostport}',
    `header_up X-Forwarded-Port ${own}`,
    'header_up X-Real-IP {remote_host}',
    FROM_OUTSIDE.map((name) => `header_up -${name}`),
    more,
  ]);
  if (path === '/') return block('handle {', proxied);
  return [`@rcssl${r} path ${path} ${path}/*`, block(`handle @rcssl${r} {`, proxied)];
}
