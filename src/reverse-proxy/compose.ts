import { dirname } from 'node:path';
import { nginx } from './nginx.ts';
import { command, type ReverseProxy, type Site } from './site.ts';
import { textOf } from './text.ts';
import { yamlLines, type Yaml } from './yaml.ts';

/*
 * Facts: https://docs.docker.com/reference/compose-file/: `$` is written `$$`; `configs.content` needs Compose 2.23.1.
 * Folders are mounted, not files: a file that is replaced by a rename would stay the old one inside. Not run by the tests.
 */

export const compose: ReverseProxy = {
  title: 'Docker Compose with nginx, Rocket.Chat and MongoDB',
  write: (site, origin) => textOf(`# ${origin}`, '# docker compose -f THIS up -d', yamlLines(services(site))),
  check: undefined,
  reload: (file) => ({
    does: command('docker', 'compose', '-f', file, 'exec', '-T', 'proxy', 'nginx', '-s', 'reload'),
  }),
  places: [{ system: 'any', file: 'a compose file of its own', enable: 'docker compose -f THIS up -d' }],
  limits: () => [
    "a container cannot reach the host's 127.0.0.1: the app is the service rocketchat, whatever upstream says",
  ],
};

function services(site: Site): Yaml {
  const folders = [
    ...new Set(
      site.hosts
        .flatMap(({ key, chain, clientAuth }) => [key, chain, clientAuth?.ca ?? key])
        .map((path) => dirname(path)),
    ),
  ];
  const inside = (path: string): string =>
    `/rcssl/${folders.indexOf(dirname(path))}${path.slice(dirname(path).length)}`;
  const contained: Site = {
    ...site,
    folder: undefined,
    listen: [{ address: undefined, port: 443 }],
    redirectFrom: site.redirectFrom.length > 0 ? [{ address: undefined, port: 80 }] : [],
    hosts: site.hosts.map((host) => ({
      ...host,
      key: inside(host.key),
      chain: inside(host.chain),
      clientAuth: host.clientAuth && { ...host.clientAuth, ca: inside(host.clientAuth.ca) },
      routes: [{ path: '/', upstreams: [{ tls: false, host: 'rocketchat', port: 3000 }] }],
    })),
  };
  const published = (listeners: Site['listen'], target: number): Yaml[] =>
    listeners.map(({ address, port }) => ({
      target,
      published: String(port),
      ...(address !== undefined && { host_ip: address }),
    }));
  const port = site.listen[0]?.port ?? 443;
  const name = site.hosts[0]?.domains.find((domain) => !domain.startsWith('*')) ?? 'localhost';
  const suffix = port === 443 ? '' : `:${port}`;
  // Inside it is port 443, outside the published one.
  const text = nginx
    .write(contained, 'Made by rcssl')
    .replaceAll('https://$host$request_uri', `https://$host${suffix}$request_uri`);
  return {
    services: {
      proxy: {
        image: 'nginx:1.28',
        restart: 'unless-stopped',
        depends_on: ['rocketchat'],
        ports: [...published(site.listen, 443), ...published(site.redirectFrom, 80)],
        configs: [{ source: 'proxy', target: '/etc/nginx/conf.d/default.conf' }],
        volumes: folders.map((source, n) => ({
          type: 'bind',
          source: dollars(source),
          target: `/rcssl/${n}`,
          read_only: true,
        })),
      },
      rocketchat: {
        image: 'registry.rocket.chat/rocketchat/rocket.chat:latest',
        restart: 'unless-stopped',
        depends_on: ['mongodb'],
        environment: {
          ROOT_URL: `https://${name}${suffix}`,
          PORT: '3000',
          MONGO_URL: 'mongodb://mongodb:27017/rocketchat?replicaSet=rs0',
        },
      },
      mongodb: {
        image: 'mongo:8.0',
        restart: 'unless-stopped',
        command: ['mongod', '--replSet', 'rs0', '--bind_ip_all'],
        healthcheck: {
          test: [
            'CMD',
            'mongosh',
            '--quiet',
            '--eval',
            "try { rs.status().ok } catch { rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongodb:27017' }] }).ok }",
          ],
          interval: '10s',
          start_period: '20s',
        },
        volumes: ['mongodb:/data/db'],
      },
    },
    configs: { proxy: { content: dollars(text) } },
    volumes: { mongodb: {} },
  };
}

/** Compose would take the names of variables for its own. */
function dollars(text: string): string {
  return text.replaceAll('$', '$$$$');
}
