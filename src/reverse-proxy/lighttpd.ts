import {
  asksInPart,
  command,
  signalled,
  bracketed,
  FROM_OUTSIDE,
  hostNames,
  IDLE_SECONDS,
  nameless,
  namePattern,
  portSuffix,
  secondAddress,
  Unservable,
  Unwritable,
  type Listener,
  type ReverseProxy,
  type Route,
  type Site,
  type SiteHost,
} from './site.ts';
import { block, textOf, type Lines } from './text.ts';

/* Facts: lighttpd 1.4.69 with mod_openssl, tested on Debian 12, and https://redmine.lighttpd.net/projects/lighttpd/wiki. */

export const lighttpd: ReverseProxy = {
  title: 'lighttpd',
  write,
  check: (file) => ({ programs: ['lighttpd'], args: ['-tt', '-f', file] }),
  reload: (_, { folder }) =>
    folder === undefined
      ? // After a reload it reads the keys with its worker's rights, and ends where it may not.
        { does: command('systemctl', 'try-restart', 'lighttpd') }
      : signalled('SIGUSR1', `${folder}/lighttpd.pid`),
  places: [
    {
      system: 'Debian, Ubuntu',
      file: '/etc/lighttpd/conf-available/90-rcssl.conf',
      enable: 'sudo lighty-enable-mod rcssl && sudo systemctl restart lighttpd',
    },
    {
      system: 'RHEL, Fedora',
      file: '/etc/lighttpd/conf.d/rcssl.conf, included in lighttpd.conf',
      enable: 'sudo systemctl restart lighttpd',
    },
    {
      system: 'Homebrew',
      file: '$(brew --prefix)/etc/lighttpd/conf.d/rcssl.conf, included in lighttpd.conf',
      enable: 'brew services restart lighttpd',
    },
  ],
  limits: (site) => [
    site.folder === undefined
      ? 'taking up a new pair restarts lighttpd, since its workers may not read a key: that cuts open sockets; clients connect again'
      : 'a reload keeps open sockets where lighttpd was started by its whole path, as in /usr/sbin/lighttpd -D -f FILE; otherwise it cuts them after some seconds, and nobody can connect until then',
    `${
      nameless(site)
        ? 'clients that connect by address send no server name: who asks for an unknown one sees the certificate of the address'
        : 'lighttpd cannot refuse a handshake: who asks for an unknown name sees the certificate of the first host'
    }, and ${site.folder === undefined ? 'gets what the rest of the configuration has for it' : 'is refused with 403'}`,
    'by HTTP/2 a body without a length is refused with 411; by HTTP/1.1 it may come in chunks',
    ...secondAddress(site),
    ...(site.hosts.some(({ clientAuth }) => clientAuth?.optional)
      ? ["a client's certificate that is optional may be of any root: lighttpd takes it unseen"]
      : []),
    ...(new Set(site.listen.map(({ port }) => port)).size > 1
      ? [`X-Forwarded-Port is ${site.listen[0]?.port} on every port`]
      : []),
    ...(site.folder === undefined
      ? [
          'an encoded slash (%2F) reaches the app as a slash, unless the configuration around has "url-path-2f-decode" => "disable" in server.http-parseopts',
        ]
      : []),
    ...(site.hosts.some(({ routes }) => routes.some(({ upstreams }) => upstreams.some(({ tls }) => tls)))
      ? ['lighttpd speaks no TLS to an app: its upstreams have to be http://']
      : []),
  ],
};

/** Begins with the word that lighttpd was started by; systems other than Linux have no /proc. */
const STARTED_AS = 'head -c 1 /proc/$PPID/cmdline 2>/dev/null || ps -o args= -p $PPID';

/**
 * Only a lighttpd that was started by its whole path leaves open sockets to another process at a reload; any other waits for
 * them before it accepts anybody. This line is run by a shell whenever the configuration is read.
 */
const RELOADS = (() => {
  const flags = (...all: string[]): string => `echo 'server.feature-flags = (${all.join(', ')})'`;
  const timeout = (seconds: number): string => `"server.graceful-shutdown-timeout" => ${seconds}`;
  const whole = flags('"server.graceful-restart-bg" => "enable"', timeout(IDLE_SECONDS));
  return `include_shell ${lighttpdString(`case "$(${STARTED_AS})" in /*) ${whole} ;; *) ${flags(timeout(5))} ;; esac`)}`;
})();

/** A path as lighttpd reads it: a quotation mark is all that has an escape. */
function lighttpdString(text: string): string {
  if (text.endsWith('\\')) throw new Unwritable(text, 'lighttpd cannot name a path that ends with a backslash');
  return `"${text.replaceAll('"', '\\"')}"`;
}

function write(site: Site, origin: string): string {
  if (asksInPart(site)) {
    // It asks in the handshake alone, whose name the request need not have.
    throw new Unservable(
      'lighttpd cannot ask the clients of some hosts for a certificate and not those of others',
      'clientAuth for all hosts of the proxy, or a proxy with another listen for those that ask, or another server',
    );
  }
  const { folder } = site;
  const first = nameless(site) ?? site.hosts[0];
  const modules = ['mod_openssl', 'mod_access', 'mod_redirect', 'mod_setenv', 'mod_proxy'];
  const list = `(${modules.map((name) => `"${name}"`).join(', ')})`;
  const tls = first && socketTls(first);
  const inFolder = (name: string): string => lighttpdString(`${folder}/${name}`);
  const [main, ...others] = expanded(site.listen);
  return textOf(
    `# ${origin}`,
    folder === undefined || main === undefined
      ? ['# To be included: /etc/lighttpd/conf-enabled/', `server.modules += ${list}`]
      : [
          '# /usr/sbin/lighttpd -D -f THIS',
          `server.modules = ${list}`,
          `server.document-root = ${lighttpdString(folder)}`,
          `server.errorlog = ${inFolder('error.log')}`,
          `server.pid-file = ${inFolder('lighttpd.pid')}`,
          `server.upload-dirs = (${lighttpdString(folder)})`,
          `server.bind = "${bracketed(main.address)}"`,
          `server.port = ${main.port}`,
          'server.max-fds = 8192',
          RELOADS,
          // Without it an encoded slash reaches the app as a slash.
          'server.http-parseopts = ("url-normalize" => "disable")',
          limits(site),
          tls,
        ],
    expanded(site.redirectFrom).map((at) => socket(at, [limits(site), 'ssl.engine = "disable"'])),
    (folder === undefined ? expanded(site.listen) : others).map((at) => socket(at, [limits(site), tls])),
    chained(site),
  );
}

interface Place {
  readonly address: string;
  readonly port: number;
}

/** One socket serves one family. */
function expanded(listeners: readonly Listener[]): Place[] {
  return listeners.flatMap(({ address, port }) =>
    address === undefined
      ? [
          { address: '0.0.0.0', port },
          { address: '::', port },
        ]
      : [{ address, port }],
  );
}

function socket({ address, port }: Place, lines: Lines): Lines {
  return block(`$SERVER["socket"] == "${bracketed(address)}:${port}" {`, lines);
}

function limits({ maxBody }: Site): Lines {
  return [
    `server.max-request-size = ${Math.ceil(maxBody / 1024)}`,
    'server.stream-request-body = 2',
    'server.stream-response-body = 2',
    `server.max-read-idle = ${IDLE_SECONDS}`,
    `server.max-write-idle = ${IDLE_SECONDS}`,
  ];
}

function socketTls(host: SiteHost): Lines {
  return ['ssl.engine = "enable"', 'ssl.openssl.ssl-conf-cmd = ("MinProtocol" => "TLSv1.2")', pair(host)];
}

function pair({ key, chain, clientAuth: auth }: SiteHost): Lines {
  return [
    `ssl.pemfile = ${lighttpdString(chain)}`,
    `ssl.privkey = ${lighttpdString(key)}`,
    auth && [
      'ssl.verifyclient.activate = "enable"',
      `ssl.verifyclient.enforce = "${auth.optional ? 'disable' : 'enable'}"`,
      `ssl.verifyclient.ca-file = ${lighttpdString(auth.ca)}`,
    ],
  ];
}

/** The pairs, which the name in the handshake chooses; then the requests. */
function chained(site: Site): Lines {
  // In a part, who asks for another name is for the rest of the configuration.
  const others = site.folder !== undefined && block('else {', 'url.access-deny = ("")');
  const plain = [
    chain(site, () => [
      `url.redirect = ("" => "https://%1${portSuffix(site)}\${url.path}\${qsa}")`,
      'url.redirect-code = 308',
    ]),
    others,
  ];
  const secure = [chain(site, (host) => application(site, host)), others];
  return [chain(site, pair), inOurSockets(site.redirectFrom, plain), inOurSockets(site.listen, secure)];
}

/** Other sites of a server that this is a part of are none of ours. */
function inOurSockets(listeners: readonly Listener[], lines: Lines): Lines {
  if (listeners.length === 0) return [];
  const ports = [...new Set(listeners.map(({ port }) => port))].join('|');
  return block(`$SERVER["socket"] =~ ":(?:${ports})$" {`, lines);
}

function chain({ hosts }: Site, lines: (host: SiteHost) => Lines): Lines {
  return hosts.map((host, h) => {
    const pattern = `^(${hostNames(host).map(namePattern).join('|')})[.]?(?::[0-9]+)?$`;
    return block(`${h === 0 ? '' : 'else '}$HTTP["host"] =~ "${pattern}" {`, lines(host));
  });
}

function application(site: Site, { routes }: SiteHost): Lines {
  const cleared = ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Real-IP', ...FROM_OUTSIDE];
  const set = [...cleared.map((name) => `"${name}" => ""`), `"X-Forwarded-Port" => "${site.listen[0]?.port ?? 443}"`];
  return [
    `setenv.set-request-header = (${set.join(', ')})`,
    site.hsts !== undefined && `setenv.set-response-header = ("Strict-Transport-Security" => "max-age=${site.hsts}")`,
    'proxy.header = ("upgrade" => "enable")',
    // What a WebSocket sends counts as its request's body; it begins with GET (RFC 6455, section 4.1).
    block(
      '$REQUEST_HEADER["Upgrade"] =~ "(?i)^websocket$" {',
      block('$HTTP["request-method"] == "GET" {', 'server.max-request-size = 0'),
    ),
    'proxy.forwarded = ("for" => 1, "proto" => 1, "host" => 1)',
    routes.map((route, r) => proxied(route, r)),
  ];
}

function proxied({ path, upstreams }: Route, r: number): Lines {
  const servers = upstreams.map(({ host, port }) => `("host" => "${host}", "port" => ${port})`);
  const lines = [upstreams.length > 1 && 'proxy.balance = "sticky"', `proxy.server = ("" => (${servers.join(', ')}))`];
  const head = r === 0 ? '' : 'else ';
  if (path === '/') return r === 0 ? lines : block('else {', lines);
  return block(`${head}$HTTP["url"] =~ "^${path.replaceAll('.', '[.]')}(?:/|$)" {`, lines);
}
