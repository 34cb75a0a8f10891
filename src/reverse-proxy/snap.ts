import { caddy, caddyfile } from './caddy.ts';
import { oneLine } from './comment.ts';
import type { ReverseProxy, Site } from './site.ts';
import { textOf } from './text.ts';

/*
 * Facts: RocketChat/server-snap, daemons/start_caddy.sh and helpers/caddy.sh: the snap runs its own Caddy 2 with the
 * Caddyfile in its data folder where there is one. A snap reads nothing outside of its folders.
 */

const DATA = '/var/snap/rocketchat-server/current';

export const snap: ReverseProxy = {
  title: "Rocket.Chat's snap",
  write,
  check: undefined,
  reload: () => undefined,
  places: [
    {
      system: 'Linux',
      file: '/var/snap/rocketchat-server/current/Caddyfile',
      enable: 'the commands at the top of the file',
    },
  ],
  limits: (site) => [
    // Its global options are a part of the file.
    ...caddy.limits({ ...site, folder: DATA }),
    'a snap reads its own folders alone: the commands in the file copy the pair there, after a renewal too',
  ],
};

function write(site: Site, origin: string): string {
  const copies = site.hosts.flatMap(({ chain, key, clientAuth }, h) => [
    `#   sudo install -m 0644 ${oneLine(chain)} ${DATA}/rcssl-${h}.pem`,
    `#   sudo install -m 0600 ${oneLine(key)} ${DATA}/rcssl-${h}.key`,
    ...(clientAuth ? [`#   sudo install -m 0644 ${oneLine(clientAuth.ca)} ${DATA}/rcssl-${h}.ca.crt`] : []),
  ]);
  const name = site.hosts[0]?.domains.find((domain) => !domain.startsWith('*')) ?? 'localhost';
  const port = site.listen[0]?.port ?? 443;
  const inSnap: Site = {
    ...site,
    folder: undefined,
    hosts: site.hosts.map((host, h) => ({
      ...host,
      chain: `${DATA}/rcssl-${h}.pem`,
      key: `${DATA}/rcssl-${h}.key`,
      clientAuth: host.clientAuth && { ...host.clientAuth, ca: `${DATA}/rcssl-${h}.ca.crt` },
    })),
  };
  return textOf(
    `# ${origin}`,
    '# The Caddyfile of the snap rocketchat-server:',
    `#   sudo install -m 0644 ${oneLine(site.output)} ${DATA}/Caddyfile`,
    copies,
    `#   sudo snap set rocketchat-server siteurl=https://${name}${port === 443 ? '' : `:${port}`}`,
    '#   sudo systemctl restart snap.rocketchat-server.rocketchat-server snap.rocketchat-server.rocketchat-caddy',
    '{',
    '  auto_https off',
    '}',
    caddyfile(inSnap),
  );
}
