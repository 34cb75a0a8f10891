import { formatInstant, type Instant } from '../kernel/instant.ts';
import type { System } from '../kernel/ports.ts';
import { template } from './template.ts';

const listed = (words: readonly string[]): string => words.join(', ');

/** What `doctor` finds of a server: the reason, and the fix as its hint. */
export const doctorServerTemplates = {
  'doctor-bad-target': template(
    'error',
    ({ asked }: { asked: string }) => `${asked} is no host, HOST:PORT or URL`,
    () => 'https://chat.local, or chat.local:8443',
  ),
  'doctor-bad-address': template(
    'error',
    ({ asked }: { asked: string }) => `--address ${asked}: no IPv4 or IPv6 address`,
    () => '--address 192.168.1.20, or --address ::1',
  ),
  'doctor-name': template(
    'note',
    ({ host, addresses }: { host: string; addresses: readonly string[] }) => `${host} is ${listed(addresses)}`,
  ),
  'doctor-name-unknown': template(
    'error',
    ({ host }: { host: string; system: System }) => `${host} has no address on this computer`,
    ({ host, system }) =>
      system === 'windows'
        ? `add "127.0.0.1 ${host}" to C:\\Windows\\System32\\drivers\\etc\\hosts, or the address of the machine that serves it`
        : `echo "127.0.0.1 ${host}" | sudo tee -a /etc/hosts, or the address of the machine that serves it`,
  ),
  'doctor-name-public': template(
    'warning',
    ({ host, addresses }: { host: string; addresses: readonly string[] }) =>
      `${host} is ${listed(addresses)}, an address of the public Internet`,
    ({ host }) => `if another machine is meant: echo "127.0.0.1 ${host}" | sudo tee -a /etc/hosts`,
  ),
  'doctor-multicast': template(
    'note',
    ({ host, announced }: { host: string; announced: readonly string[] }) =>
      `${host} is announced as ${listed(announced)}`,
  ),
  'doctor-multicast-silent': template(
    'warning',
    ({ host }: { host: string; system: System }) => `nobody announces ${host}, so that phones do not find it`,
    ({ host, system }) => {
      const label = host.slice(0, -'.local'.length);
      return system === 'linux'
        ? `on the machine that has the name: sudo hostnamectl set-hostname ${label} && sudo apt install avahi-daemon`
        : `name the machine ${label} in its settings, and let its firewall pass UDP port 5353`;
    },
  ),
  'doctor-multicast-other': template(
    'warning',
    ({ host, announced, addresses }: { host: string; announced: readonly string[]; addresses: readonly string[] }) =>
      `${host} is announced as ${listed(announced)}, and here it is ${listed(addresses)}`,
    ({ host }) => `take ${host} out of the hosts file, or rename one of the two machines`,
  ),
  'doctor-listens': template('note', ({ port, address }: { port: number; address: string | undefined }) =>
    address ? `${address} listens on ${port}` : `something listens on ${port}`,
  ),
  'doctor-nothing-listens': template(
    'error',
    ({
      port,
      why,
    }: {
      port: number;
      why: string;
      proxy: { server: string; path: string } | undefined;
      other: string | undefined;
    }) => `nothing answers on port ${port} (${why})`,
    ({ port, why, proxy, other }) => {
      if (other !== undefined) return `the declared proxy listens at ${other}`;
      if (proxy) return `start ${proxy.server} with ${proxy.path}`;
      return why === 'ECONNREFUSED'
        ? `start the server; what listens here is shown by: ss -ltn 'sport = :${port}'`
        : 'start the server, or let the firewalls between pass the port';
    },
  ),
  'doctor-http-typed': template(
    'error',
    (_: { url: string }) => 'http:// was typed, and that is another server than https://',
    ({ url }) => `type ${url}`,
  ),
  'doctor-tls': template(
    'note',
    ({ protocol, server }: { protocol: string; server: string | undefined }) =>
      `${server ?? 'a server'} answers by ${protocol}`,
  ),
  'doctor-plain-http': template(
    'error',
    ({ port, status }: { port: number; status: number; instead: string | undefined }) =>
      `port ${port} answers plain HTTP (${status}), without TLS`,
    ({ port, instead }) =>
      instead === undefined
        ? `put a reverse proxy in front of it: rcssl proxy nginx --upstream http://127.0.0.1:${port}`
        : `the proxy in front of it is ${instead}`,
  ),
  'doctor-no-tls': template(
    'error',
    ({ port, why }: { port: number; why: string; host: string }) =>
      `port ${port} answers, but no TLS comes about (${why})`,
    ({ why, host }) =>
      /UNRECOGNIZED_NAME|HANDSHAKE_FAILURE|INTERNAL_ERROR|ECONNRESET/.test(why)
        ? `the server may not know ${host}, or cannot read its key: its log says which`
        : 'see what else uses the port; the log of the server says more',
  ),
  'doctor-no-certificate': template(
    'error',
    ({ port }: { port: number }) => `port ${port} shows no certificate that can be read`,
    () => 'give the server the files of rcssl apply',
  ),
  'doctor-no-project': template('note', (_: object) => 'there is no configuration to compare it with'),
  'doctor-served': template('note', ({ path }: { path: string }) => `it is ${path}`),
  'doctor-served-foreign': template(
    'error',
    ({ path, host }: { path: string; host: string; files: string; reload: string }) =>
      `it is ${path}, which is not for ${host}`,
    ({ files, reload }) => `give the server ${files} with its key for that name; then: ${reload}`,
  ),
  'doctor-undeclared': template(
    'warning',
    ({ host }: { host: string; config: string }) => `the configuration declares no host ${host}`,
    ({ host, config }) => `add ${host} to the hosts in ${config}, then: rcssl apply`,
  ),
  'doctor-not-made': template(
    'error',
    ({ path }: { path: string }) => `${path} is not there yet`,
    () => 'rcssl apply',
  ),
  'doctor-served-other': template(
    'error',
    ({ from, path }: { from: Instant; path: string; files: string; isOlder: boolean; reload: string }) =>
      `the server shows a certificate of ${formatInstant(from).slice(0, 10)}, not ${path}`,
    ({ isOlder, files, reload }) => (isOlder ? reload : `give the server ${files} with its key; then: ${reload}`),
  ),
  'doctor-covers': template('note', ({ host }: { host: string }) => `it is for ${host}`),
  'doctor-not-covered': template(
    'error',
    ({ host, names }: { host: string; names: readonly string[]; fix: string | undefined }) =>
      `it is not for ${host}, but for ${names.length > 0 ? listed(names) : 'no name at all'}`,
    ({ host, fix }) => fix ?? `add '${host}' to the altNames of the host, then: rcssl apply`,
  ),
  'doctor-valid': template('note', ({ until }: { until: Instant }) => `valid until ${formatInstant(until)}`),
  'doctor-not-yet': template(
    'error',
    ({ from, now }: { from: Instant; now: Instant }) =>
      `it begins at ${formatInstant(from)}, and here it is ${formatInstant(now)}`,
    () => 'set the clock of this computer, or of the one that made it',
  ),
  'doctor-expired': template(
    'error',
    ({ until }: { until: Instant; fix: string }) => `it expired at ${formatInstant(until)}`,
    ({ fix }) => fix,
  ),
  'doctor-ends-soon': template(
    'warning',
    ({ until }: { until: Instant; fix: string }) => `it ends at ${formatInstant(until)}`,
    ({ fix }) => fix,
  ),
  'doctor-chain': template('note', ({ root }: { root: string }) => `complete, under ${root}`),
  'doctor-chain-public': template('note', (_: object) => 'complete, under a public root'),
  'doctor-self-signed': template(
    'error',
    (_: { reload: string }) => 'it is signed by its own key, and by no root',
    ({ reload }) => `give the server the files of rcssl apply; then: ${reload}`,
  ),
  'doctor-chain-left': template(
    'error',
    ({ issuer, root }: { issuer: string; root: string }) =>
      `it is by ${issuer}, which is not the root ${root} of today`,
    () => 'rcssl apply',
  ),
  'doctor-chain-broken': template(
    'error',
    ({ issuer, root }: { issuer: string; root: string }) =>
      `its issuer ${issuer} is not sent, and is not the root ${root}`,
    () => 'give the server the full chain; or, where that is another root, the files of rcssl apply',
  ),
  'doctor-chain-refused': template(
    'error',
    ({ root, fault }: { root: string; fault: string }) => `it leads to ${root}, and OpenSSL refuses it (${fault})`,
    () => 'let rcssl issue it, within what the root permits: rcssl apply',
  ),
  'doctor-chain-unverified': template(
    'error',
    ({ issuer, fault }: { issuer: string; fault: string }) =>
      `its issuer ${issuer} is not sent, and is no public root (${fault})`,
    () => 'give the server the full chain; under a root of your own, run doctor in its project',
  ),
};

/** What it finds of a reverse proxy and the app behind it. */
export const doctorProxyTemplates = {
  'doctor-port-of-proxy': template(
    'note',
    ({ port, server, path }: { port: number; server: string; path: string }) =>
      `${port} is that of ${server} (${path})`,
  ),
  'doctor-port-of-app': template(
    'error',
    ({ port }: { port: number; url: string }) => `${port} is the port of the app behind the proxy`,
    ({ url }) => `type ${url}`,
  ),
  'doctor-port-of-nobody': template(
    'warning',
    ({ port, path }: { port: number; url: string; path: string }) => `${path} does not listen on ${port}`,
    ({ url }) => `type ${url}`,
  ),
  'doctor-redirect': template(
    'note',
    ({ port, url }: { port: number; url: string }) => `http:// on ${port} leads to ${url}, path and query kept`,
  ),
  'doctor-redirect-none': template('note', (_: object) => 'no port of plain HTTP belongs to this one'),
  'doctor-redirect-silent': template(
    'warning',
    ({ port, why }: { port: number; why: string }) =>
      `nothing answers plain HTTP on ${port} (${why}): who types no https:// gets nothing`,
    () => 'redirectFrom: 80 at the declared proxy',
  ),
  'doctor-redirect-dead': template(
    'error',
    ({ port, why }: { port: number; why: string }) =>
      `nothing answers plain HTTP on ${port} (${why}), which is declared`,
    ({ port }) => `rcssl apply, and have the server read its file anew; redirectFrom: ${port} is in the configuration`,
  ),
  'doctor-redirect-decoded': template(
    'warning',
    ({ port }: { port: number }) => `port ${port} makes a slash of %2F in the path`,
    () => 'lighttpd does, unless its server.http-parseopts has "url-path-2f-decode" => "disable"',
  ),
  'doctor-redirect-missing': template(
    'error',
    ({ port, status }: { port: number; status: number }) =>
      `port ${port} serves plain HTTP (${status}) in place of a redirect`,
    ({ port }) => `redirectFrom: ${port} at the declared proxy, and nothing else on that port`,
  ),
  'doctor-redirect-elsewhere': template(
    'error',
    ({ port, location, wanted }: { port: number; location: string; wanted: string }) =>
      `port ${port} leads to ${JSON.stringify(location)}, not ${wanted}`,
    () => 'redirect to the same host, with path and query: redirectFrom at the declared proxy does',
  ),
  'doctor-redirect-status': template(
    'warning',
    ({ port, status }: { port: number; status: number }) =>
      `port ${port} redirects by ${status}, which may turn a POST into a GET or be forgotten`,
    () => 'answer with 308',
  ),
  'doctor-upgrade': template('note', ({ path }: { path: string }) => `opens at ${path}`),
  'doctor-client-certificate': template(
    'note',
    (_: object) => 'the proxy asks for a client certificate, which nobody has here: no app is reached without',
  ),
  'doctor-upgrade-failed': template(
    'error',
    ({ path, why }: { path: string; why: string }) => `a WebSocket at ${path} got no answer (${why})`,
    () => 'see the logs of the proxy and of the app',
  ),
  'doctor-upgrade-wrong': template(
    'error',
    ({ path }: { path: string }) => `at ${path} somebody answers 101, and not as RFC 6455 wants it`,
    () => 'see what answers in place of the app: a cache, or another proxy',
  ),
  'doctor-upgrade-lost': template(
    'error',
    ({ path, status, server }: { path: string; status: number; server: string; file: string }) =>
      `the app opens a WebSocket at ${path}, and through ${server} it answers ${status}`,
    ({ server, file }) => `let ${server} use ${file}: it passes Upgrade and Connection on`,
  ),
  'doctor-upgrade-refused': template(
    'warning',
    ({ path, status }: { path: string; status: number }) => `no WebSocket opens at ${path} (${status})`,
    () => 'name the path where the app has one: https://HOST/websocket; if it is that, pass Upgrade and Connection on',
  ),
  'doctor-upstream': template('note', ({ at, status }: { at: string; status: number }) => `${at} answers (${status})`),
  'doctor-upstream-unknown': template(
    'warning',
    ({ at }: { at: string }) => `${at} has no address on this computer: only containers beside it may know it`,
    () => 'docker compose ps shows whether it runs',
  ),
  'doctor-upstream-dead': template(
    'error',
    ({ at, why }: { at: string; why: string }) => `${at} does not answer (${why})`,
    ({ at }) => `start the app, or declare where it is: upstream: '${at}'`,
  ),
};
