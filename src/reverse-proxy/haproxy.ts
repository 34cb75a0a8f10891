import { dirname, join } from 'node:path';
import {
  asksInPart,
  command,
  signalled,
  bracketed,
  FROM_OUTSIDE,
  hostNames,
  IDLE_SECONDS,
  nameless,
  portSuffix,
  secondAddress,
  Unwritable,
  type Listener,
  type ReverseProxy,
  type Route,
  type Site,
  type SiteHost,
} from './site.ts';
import { covers } from './precedence.ts';
import { block, textOf, type Lines } from './text.ts';

/* Facts: HAProxy 2.6.12, tested on Debian 12, and https://docs.haproxy.org/. Named defaults need 2.4. */

export const haproxy: ReverseProxy = {
  title: 'HAProxy',
  write,
  more: (site, origin) =>
    listed(site) ? [{ name: listName(site), text: textOf(`# ${origin}`, certificates(site).map(listLine)) }] : [],
  check: (file) => ({ programs: ['haproxy'], args: ['-c', '-f', file] }),
  reload: (_, { folder }) =>
    folder === undefined
      ? { does: command('systemctl', 'try-reload-or-restart', 'haproxy') }
      : signalled('SIGUSR2', `${folder}/haproxy.pid`),
  places: [
    {
      system: 'Debian, Ubuntu',
      file: '/etc/haproxy/rcssl.cfg, with EXTRAOPTS="-f /etc/haproxy/rcssl.cfg" in /etc/default/haproxy',
      enable: 'sudo systemctl restart haproxy',
    },
    {
      system: 'RHEL, Fedora',
      file: '/etc/haproxy/conf.d/rcssl.cfg',
      enable: 'sudo setsebool -P haproxy_connect_any 1 && sudo systemctl reload haproxy',
    },
    { system: 'Homebrew', file: '$(brew --prefix)/etc/haproxy.cfg', enable: 'brew services restart haproxy' },
  ],
  limits: (site) => [
    ...(nameless(site)
      ? [
          'clients that connect by address send no server name: who asks for an unknown one sees the certificate of the address, and is refused with 421',
        ]
      : []),
    ...secondAddress(site),
    'a body that is sent in pieces, without a length, has no limit of size',
    ...(asksInPart(site)
      ? ["a client's certificate of another root fails the handshake of every host, also of those that ask for none"]
      : []),
  ],
};

/** A line has at most 64 words, and that of a listener names every certificate; of more there is a list in another file. */
const MOST_ON_A_LINE = 24;

/** The one for clients that name nobody is the first. */
function certificates(site: Site): string[] {
  const open = nameless(site);
  const files = [...site.hosts].sort((a, b) => Number(b === open) - Number(a === open)).map(({ combined }) => combined);
  return [...new Set(files)];
}

function listed(site: Site): boolean {
  return certificates(site).length > MOST_ON_A_LINE;
}

function listName({ name }: Site): string {
  return `${name}.crt-list`;
}

/** A list has no quotation marks, and brackets hold options there. */
function listLine(path: string): string {
  if (/[\s\u0000-\u001f[\]]/.test(path)) {
    throw new Unwritable(
      path,
      `HAProxy reads more than ${MOST_ON_A_LINE} certificates from a list, which cannot name a path with spaces or brackets`,
    );
  }
  return path;
}

/** HAProxy reads `\xHH` for any byte: whatever is no plain character is written so. */
function haproxyString(text: string): string {
  const bytes = [...Buffer.from(text)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[\w./@%+=:,-]/.test(character) ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `"${bytes.join('')}"`;
}

function write(site: Site, origin: string): string {
  const { folder, name } = site;
  return textOf(
    `# ${origin}`,
    folder === undefined
      ? '# To be read beside the configuration of the system: haproxy -f /etc/haproxy/haproxy.cfg -f THIS'
      : section('global', [
          '# Written by haproxy -W -f THIS alone; without -W nothing can reload it.',
          `pidfile ${haproxyString(`${folder}/haproxy.pid`)}`,
        ]),
    section(`defaults rcssl-${name}`, [
      'mode http',
      'timeout connect 5s',
      ...['client', 'server', 'tunnel'].map((kind) => `timeout ${kind} ${IDLE_SECONDS}s`),
      'timeout http-request 30s',
      // An upstream that cannot be resolved yet must not keep the rest from starting.
      'default-server init-addr last,libc,none',
    ]),
    site.redirectFrom.length > 0 && plain(site),
    secure(site),
    site.hosts.flatMap((host, h) => host.routes.map((route, r) => backend(site, host, route, [h, r]))),
  );
}

function section(head: string, lines: Lines): Lines {
  return ['', block(head, lines, '').slice(0, -1)];
}

function binds(listeners: readonly Listener[], more: string): string[] {
  return listeners.flatMap(({ address, port }) => {
    if (address === undefined) return [`bind *:${port}${more}`, `bind [::]:${port} v6only${more}`];
    return [`bind ${bracketed(address)}:${port}${more}`];
  });
}

/** Whose the request is, by the name in `Host`. */
function acls({ hosts }: Site): Lines {
  return hosts.flatMap((host, h) => {
    const all = hostNames(host);
    const exact = all.filter((name) => !name.startsWith('*'));
    const wild = all.filter((name) => name.startsWith('*'));
    return [
      ...exact.map((name) => `acl host${h} req.hdr(host),host_only,lower -m str ${name}`),
      ...wild.map(
        (name) => `acl host${h} req.hdr(host),host_only,lower -m reg ^[^.]+${name.slice(1).replaceAll('.', '[.]')}$`,
      ),
    ];
  });
}

/** The request is for this host; a wildcard is not for the names of other hosts, which stand before it. */
function isFor({ hosts }: Site, h: number): string {
  const wild = hosts[h]?.domains ?? [];
  const others = hosts.flatMap(({ domains }, o) =>
    o < h && domains.some((name) => wild.some((one) => covers(one, name))) ? [` !host${o}`] : [],
  );
  return `host${h}${others.join('')}`;
}

function anyHost({ hosts }: Site): string {
  return hosts.map((_, h) => `host${h}`).join(' || ');
}

function plain(site: Site): Lines {
  return section(`frontend rcssl-${site.name}-plain from rcssl-${site.name}`, [
    binds(site.redirectFrom, ''),
    acls(site),
    `http-request deny deny_status 421 unless ${anyHost(site)}`,
    `http-request redirect code 308 location https://%[req.hdr(host),host_only]${portSuffix(site)}%[pathq]`,
  ]);
}

function secure(site: Site): Lines {
  const { hosts, name, maxBody, hsts } = site;
  const open = nameless(site);
  const files = listed(site)
    ? `crt-list ${haproxyString(join(dirname(site.output), listName(site)))}`
    : certificates(site)
        .map((file) => `crt ${haproxyString(file)}`)
        .join(' ');
  const asking = hosts.filter(({ clientAuth }) => clientAuth !== undefined);
  const strict = asking.filter(({ clientAuth }) => clientAuth?.optional === false);
  const ca = asking[0]?.clientAuth?.ca;
  const verify =
    ca === undefined
      ? ''
      : ` ca-file ${haproxyString(ca)} verify ${strict.length === hosts.length ? 'required' : 'optional'}`;
  const sni = open ? '' : ' strict-sni';
  return section(`frontend rcssl-${name} from rcssl-${name}`, [
    binds(site.listen, ` ssl ${files} alpn h2,http/1.1 ssl-min-ver TLSv1.2${sni}${verify}`),
    acls(site),
    `http-request deny deny_status 421 unless ${anyHost(site)}`,
    // Where one host asks for a certificate and another does not, the connection asks and the request decides.
    strict.map((host) => `http-request deny deny_status 403 if ${isFor(site, hosts.indexOf(host))} !{ ssl_c_used }`),
    `http-request deny deny_status 413 if { req.hdr_val(content-length) gt ${maxBody} }`,
    'http-request set-header X-Forwarded-For %[src]',
    'http-request set-header X-Real-IP %[src]',
    'http-request set-header X-Forwarded-Proto https',
    'http-request set-header X-Forwarded-Host %[req.hdr(host)]',
    'http-request set-header X-Forwarded-Port %[dst_port]',
    FROM_OUTSIDE.map((name) => `http-request del-header ${name}`),
    hsts !== undefined && `http-response set-header Strict-Transport-Security max-age=${hsts}`,
    hosts.flatMap(({ routes }, h) => routes.map((route, r) => useBackend(site, route, [h, r]))),
  ]);
}

function backendName({ name }: Site, [h, r]: readonly [number, number]): string {
  return `rcssl-${name}-${h}-${r}`;
}

function useBackend(site: Site, { path }: Route, at: readonly [number, number]): string {
  const host = isFor(site, at[0]);
  const below = path === '/' ? '' : ` { path ${path} } || ${host} { path_beg ${path}/ }`;
  return `use_backend ${backendName(site, at)} if ${host}${below}`;
}

function backend(site: Site, _: SiteHost, { upstreams }: Route, at: readonly [number, number]): Lines {
  const shared = upstreams.length > 1;
  return section(`backend ${backendName(site, at)} from rcssl-${site.name}`, [
    shared && ['balance roundrobin', `cookie RCSSL_${at[1]} insert indirect nocache httponly secure`],
    upstreams.map(({ tls, host, port }, n) => {
      const options = `${tls ? ' ssl verify none alpn http/1.1' : ''}${shared ? ` check cookie ${n + 1}` : ''}`;
      return `server app${n + 1} ${bracketed(host)}:${port}${options}`;
    }),
  ]);
}
