import {
  command,
  signalled,
  bracketed,
  FROM_OUTSIDE,
  hostNames,
  IDLE_SECONDS,
  nameless,
  namePattern,
  NOBODY,
  portSuffix,
  secondAddress,
  Unwritable,
  urlOf,
  type Listener,
  type ReverseProxy,
  type Route,
  type Site,
  type SiteHost,
} from './site.ts';
import { block, textOf, type Lines } from './text.ts';

/* Facts: Apache 2.4.71 (event), tested on Debian 12, and https://httpd.apache.org/docs/2.4/. WebSockets need 2.4.47. */

export const apache: ReverseProxy = {
  title: 'Apache httpd',
  write,
  check: (file) => ({ programs: ['apache2', 'httpd'], args: ['-t', '-f', file] }),
  reload: (_, { folder }) =>
    folder === undefined
      ? // It would start an Apache that does not run.
        { does: command('apachectl', '-k', 'graceful'), runningIf: PID_FILES }
      : signalled('SIGUSR1', `${folder}/apache.pid`),
  places: [
    {
      system: 'Debian, Ubuntu',
      file: '/etc/apache2/sites-available/rcssl.conf',
      enable:
        'sudo a2enmod ssl http2 headers rewrite proxy proxy_http && sudo a2ensite rcssl && sudo systemctl reload apache2',
    },
    {
      system: 'RHEL, Fedora',
      file: '/etc/httpd/conf.d/rcssl.conf',
      enable: 'sudo setsebool -P httpd_can_network_connect 1 && sudo systemctl reload httpd',
    },
    {
      system: 'Homebrew',
      file: '$(brew --prefix)/etc/httpd/extra/rcssl.conf, included in httpd.conf',
      enable: 'brew services restart httpd',
    },
    { system: 'Windows', file: 'conf\\extra\\rcssl.conf, included in httpd.conf', enable: 'httpd -k restart' },
  ],
  limits: (site) => [
    ...(nameless(site)
      ? [
          'clients that connect by address send no server name: who asks for an unknown one sees the certificate of the address, and is refused with 421',
        ]
      : [
          'Apache cannot refuse a handshake: who asks for an unknown name sees the certificate of the first host, and is refused with 421',
        ]),
    'a body that is sent in pieces, without a length, has no limit of size',
    ...secondAddress(site),
    ...(site.folder === undefined &&
    [...site.listen, ...site.redirectFrom].some(({ port }) => !OF_THE_SYSTEM.includes(port))
      ? [
          'Apache ends where two files listen on one port: take out a Listen of the same port elsewhere, as in ports.conf',
        ]
      : []),
  ],
};

/** Of the system's Apache: Debian, Fedora and Arch, SUSE, Alpine, Homebrew, macOS. */
const PID_FILES = [
  '/run/apache2/apache2.pid',
  '/run/httpd/httpd.pid',
  '/run/httpd.pid',
  '/run/apache2/httpd.pid',
  '/opt/homebrew/var/run/httpd/httpd.pid',
  '/usr/local/var/run/httpd/httpd.pid',
  '/private/var/run/httpd.pid',
];

/** `$` before a brace would name a variable; this one holds it. */
const DOLLAR = 'RCSSL_DOLLAR';

/** A path as Apache reads it. */
function apacheString(text: string): string {
  if (text.includes('\n')) throw new Unwritable(text, 'Apache cannot name a path with a line break');
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('${', `\${${DOLLAR}}{`)}"`;
}

const MODULES = 'mpm_event authz_core ssl http2 headers rewrite proxy proxy_http'.split(' ');
const BALANCER = 'proxy_balancer lbmethod_byrequests slotmem_shm'.split(' ');

function write(site: Site, origin: string): string {
  const { folder, modules } = site;
  const wanted = balances(site) ? [...MODULES, ...BALANCER] : MODULES;
  const whole = folder !== undefined && [
    wanted.map((name) => `LoadModule ${name}_module ${apacheString(`${modules}/mod_${name}.so`)}`),
    `ServerName ${NOBODY}`,
    `DefaultRuntimeDir ${apacheString(folder)}`,
    `PidFile ${apacheString(`${folder}/apache.pid`)}`,
    `ErrorLog ${apacheString(`${folder}/error.log`)}`,
    // A reload leaves the processes that serve open sockets: there must be room for new ones beside them.
    ['ServerLimit 64', 'ThreadsPerChild 64', 'MaxRequestWorkers 1024'],
  ];
  const front = nameless(site);
  const [first] = site.hosts;
  const others = site.hosts.filter((host) => host !== front);
  return textOf(
    `# ${origin}`,
    folder === undefined && [
      `# To be included; Debian: a2enmod ${wanted.slice(2).join(' ')}`,
      "# Listen 80 and Listen 443 are the system's, as in Debian's ports.conf: a second one would end Apache.",
    ],
    paths(site).some((path) => path.includes('${')) && `Define ${DOLLAR} $`,
    whole,
    [...listens(site, site.redirectFrom, 'http'), ...listens(site, site.listen, 'https')],
    site.redirectFrom.length > 0 && [
      front ? redirect(site, front, true) : plainRefusal(site),
      others.map((host) => redirect(site, host, false)),
    ],
    // The first one of an address answers whoever asks for no name, or for one that nobody has.
    front ? application(site, front, true) : first && [refusal(site, first)],
    others.map((host) => application(site, host, false)),
  );
}

function paths({ hosts, folder = '', modules }: Site): string[] {
  return [folder, modules, ...hosts.flatMap(({ key, chain, clientAuth }) => [key, chain, clientAuth?.ca ?? ''])];
}

function balances({ hosts }: Site): boolean {
  return hosts.some(({ routes }) => routes.some(({ upstreams }) => upstreams.length > 1));
}

/** Ports that every system's own configuration listens on. */
const OF_THE_SYSTEM = [80, 443];

function listens({ folder }: Site, listeners: readonly Listener[], protocol: 'http' | 'https'): string[] {
  return listeners
    .filter(({ port }) => folder !== undefined || !OF_THE_SYSTEM.includes(port))
    .map(({ address, port }) => `Listen ${address === undefined ? '' : `${bracketed(address)}:`}${port} ${protocol}`);
}

function vhost(listeners: readonly Listener[], lines: Lines): Lines {
  const at = listeners.map(({ address, port }) => `${address === undefined ? '*' : bracketed(address)}:${port}`);
  return block(`<VirtualHost ${at.join(' ')}>`, lines, '</VirtualHost>');
}

function plainRefusal({ redirectFrom }: Site): Lines {
  return vhost(redirectFrom, [`ServerName ${NOBODY}`, 'RewriteEngine on', 'RewriteRule "^" "-" [R=421,L]']);
}

/** The first name that is one, since a wildcard cannot be a server's own, nor an IPv6 address. */
function names({ domains, addresses }: SiteHost): Lines {
  const all = [...domains, ...addresses.filter((address) => !address.includes(':'))];
  const own = all.find((name) => !name.startsWith('*')) ?? NOBODY;
  const others = all.filter((name) => name !== own);
  return [`ServerName ${own}`, others.map((name) => `ServerAlias ${name}`)];
}

/** Path and query as the client wrote them: THE_REQUEST is not decoded. */
function redirect(site: Site, host: SiteHost, isDefault: boolean): Lines {
  return [
    vhost(site.redirectFrom, [
      names(host),
      'AllowEncodedSlashes NoDecode',
      'RewriteEngine on',
      isDefault && guard(host),
      'RewriteCond "%{HTTP_HOST}" "^([^:]+|\\[[^\\]]+\\])" [NC]',
      'RewriteRule "^" "-" [E=RCSSL_HOST:%1]',
      'RewriteCond "%{THE_REQUEST}" "^\\S+ (/[^?\\s]*)"',
      `RewriteRule "^" "https://%{ENV:RCSSL_HOST}${portSuffix(site)}%1" [R=308,L,NE]`,
    ]),
  ];
}

function tls({ key, chain, clientAuth: auth }: SiteHost): Lines {
  return [
    'SSLEngine on',
    'SSLProtocol -all +TLSv1.2 +TLSv1.3',
    `SSLCertificateFile ${apacheString(chain)}`,
    `SSLCertificateKeyFile ${apacheString(key)}`,
    auth && [
      `SSLCACertificateFile ${apacheString(auth.ca)}`,
      `SSLVerifyClient ${auth.optional ? 'optional' : 'require'}`,
    ],
  ];
}

function refusal(site: Site, host: SiteHost): Lines {
  return vhost(site.listen, [
    `ServerName ${NOBODY}`,
    tls({ ...host, clientAuth: undefined }),
    'SSLStrictSNIVHostCheck on',
    'Protocols h2 http/1.1',
    'RewriteEngine on',
    'RewriteRule "^" "-" [R=421,L]',
  ]);
}

function application(site: Site, host: SiteHost, isDefault: boolean): Lines {
  return vhost(site.listen, [
    names(host),
    tls(host),
    'Protocols h2 http/1.1',
    'ProxyPreserveHost On',
    'AllowEncodedSlashes NoDecode',
    // A client may name a header of ours in Connection, and the proxy would leave it out.
    'RequestHeader edit* Connection "(?i)\\b(x-[-\\w]+|forwarded|host|cookie|authorization)\\b" "x-dropped"',
    ['X-Forwarded-For', 'X-Forwarded-Host', ...FROM_OUTSIDE].map((name) => `RequestHeader unset ${name}`),
    'RequestHeader set X-Forwarded-Proto https',
    // Of a request whose Host has no port.
    'UseCanonicalPhysicalPort On',
    'RequestHeader set X-Forwarded-Port expr=%{SERVER_PORT}',
    'RequestHeader set X-Real-IP expr=%{REMOTE_ADDR}',
    site.hsts !== undefined && `Header always set Strict-Transport-Security "max-age=${site.hsts}"`,
    'RewriteEngine on',
    isDefault && guard(host),
    // LimitRequestBody is not for requests that are passed on.
    `RewriteCond expr "%{HTTP:Content-Length} -gt ${site.maxBody}"`,
    'RewriteRule "^" "-" [R=413,L]',
    usesTls(host) && [
      'SSLProxyEngine on',
      'SSLProxyVerify none',
      'SSLProxyCheckPeerName off',
      'SSLProxyCheckPeerExpire off',
    ],
    host.routes.map((route, r) => proxied(site, host, route, r)),
  ]);
}

/** The default of an address gets the requests for names that nobody has, too. */
function guard(host: SiteHost): Lines {
  const known = hostNames(host).map(namePattern).join('|');
  return [`RewriteCond "%{HTTP_HOST}" "!^(?:${known})[.]?(?::[0-9]+)?$" [NC]`, 'RewriteRule "^" "-" [R=421,L]'];
}

function usesTls({ routes }: SiteHost): boolean {
  return routes.some(({ upstreams }) => upstreams[0]?.tls);
}

function proxied(site: Site, host: SiteHost, { path, upstreams }: Route, r: number): Lines {
  const [first] = upstreams;
  if (first === undefined) return [];
  const end = path === '/' ? '' : path;
  // Node closes a connection that idled for 5 s: a request that is sent just then is lost, and answered with 502.
  const options = `upgrade=websocket timeout=${IDLE_SECONDS} ttl=2`;
  if (upstreams.length === 1)
    return `ProxyPass "${path}" "${urlOf(first)}${end === '' ? '/' : end}" nocanon ${options}`;
  const cookie = `RCSSL_${r}`;
  const name = `balancer://rcssl-${site.name}-${site.hosts.indexOf(host)}-${r}`;
  return [
    block(
      `<Proxy "${name}">`,
      [
        upstreams.map((one, n) => `BalancerMember "${urlOf(one)}" route=${n + 1} ${options}`),
        `ProxySet stickysession=${cookie}`,
      ],
      '</Proxy>',
    ),
    `Header add Set-Cookie "${cookie}=.%{BALANCER_WORKER_ROUTE}e; path=${path}; Secure; HttpOnly" env=BALANCER_ROUTE_CHANGED`,
    `ProxyPass "${path}" "${name}${end === '' ? '/' : end}" nocanon`,
  ];
}
