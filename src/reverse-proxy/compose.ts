import { dirname, join } from 'node:path';
import { isInside } from '../kernel/path.ts';
import type { ReverseProxy, Site } from './site.ts';
import { textOf } from './text.ts';
import { yamlLines, type Yaml } from './yaml.ts';

/*
 * Facts: https://docs.docker.com/reference/compose-file/: `$` is written `$$`. Folders are mounted, not files: a file that is
 * replaced by a rename would stay the old one inside. Rocket.Chat wants MongoDB as a replica set
 * (https://docs.rocket.chat/docs/deploy-with-docker-docker-compose). Held against the published schema; no test runs it.
 */

/** The server of a compose file. */
interface Front {
  readonly title: string;
  readonly image: string;
  /** Where it reads its configuration. */
  readonly folder: string;
  /** The files of that folder; the site is as the container sees it. */
  readonly files: (site: Site, origin: string) => readonly { readonly name: string; readonly text: string }[];
  readonly reload: (compose: string, site: Site) => ReturnType<ReverseProxy['reload']>;
  readonly limits: (site: Site) => readonly string[];
}

/** A compose file with a server, Rocket.Chat and MongoDB; what the server reads lies in a folder beside it. */
export function composed(front: Front): ReverseProxy {
  return {
    title: `Docker Compose with ${front.title}, Rocket.Chat and MongoDB`,
    write: (site, origin) => textOf(`# ${origin}`, '# docker compose -f THIS up -d', yamlLines(services(site, front))),
    more: (site, origin) =>
      front.files(contained(site), origin).map(({ name, text }) => ({ name: join(folderName(site), name), text })),
    check: undefined,
    mounts: foldersOf,
    reload: front.reload,
    places: [{ system: 'any', file: 'a compose file of its own', enable: 'docker compose -f THIS up -d' }],
    limits: (site) => [
      "a container cannot reach the host's 127.0.0.1: the app is the service rocketchat, whatever upstream says",
      ...front.limits(contained(site)),
    ],
  };
}

function folderName({ name }: Site): string {
  return `${name}.d`;
}

/** A file of the front's, on this machine. */
export function frontFile(compose: string, site: Site, name: string): string {
  return join(dirname(compose), folderName(site), name);
}

/** Where the pairs lie. A link would be resolved once, when the container starts: of layout `atomic` it is the folder above. */
function foldersOf({ hosts }: Site): string[] {
  const folders = hosts.flatMap(({ key, chain, link, clientAuth }) => [
    ...[key, chain].map((path) => dirname(link ?? path)),
    ...(clientAuth ? [dirname(clientAuth.ca)] : []),
  ]);
  return [...new Set(folders)];
}

/** The site as it is inside: the same ports, so that redirects and headers are right, on every address. */
function contained(site: Site): Site {
  const folders = foldersOf(site);
  const inside = (path: string): string => {
    const folder = folders.find((each) => isInside(each, path)) ?? dirname(path);
    return `/rcssl/${folders.indexOf(folder)}${path.slice(folder.length)}`;
  };
  const everywhere = (listeners: Site['listen']): Site['listen'] =>
    [...new Set(listeners.map(({ port }) => port))].map((port) => ({ address: undefined, port }));
  return {
    ...site,
    folder: undefined,
    listen: everywhere(site.listen),
    redirectFrom: everywhere(site.redirectFrom),
    hosts: site.hosts.map((host) => ({
      ...host,
      key: inside(host.key),
      chain: inside(host.chain),
      clientAuth: host.clientAuth && { ...host.clientAuth, ca: inside(host.clientAuth.ca) },
      routes: [{ path: '/', upstreams: [{ tls: false, host: 'rocketchat', port: 3000 }] }],
    })),
  };
}

function services(site: Site, front: Front): Yaml {
  const [{ port } = { port: 443 }] = site.listen;
  const name = site.hosts[0]?.domains.find((domain) => !domain.startsWith('*')) ?? 'localhost';
  const mount = (source: string, target: string): Yaml => ({
    type: 'bind',
    source: dollars(source),
    target,
    read_only: true,
  });
  return {
    services: {
      proxy: {
        image: front.image,
        restart: 'unless-stopped',
        depends_on: ['rocketchat'],
        ports: [...site.listen, ...site.redirectFrom].map((at) => ({
          target: at.port,
          published: at.port,
          ...(at.address !== undefined && { host_ip: at.address }),
        })),
        volumes: [
          mount(join(dirname(site.output), folderName(site)), front.folder),
          ...foldersOf(site).map((source, n) => mount(source, `/rcssl/${n}`)),
        ],
      },
      rocketchat: {
        image: 'registry.rocket.chat/rocketchat/rocket.chat:latest',
        restart: 'unless-stopped',
        depends_on: { mongodb: { condition: 'service_healthy' } },
        environment: {
          ROOT_URL: `https://${name}${port === 443 ? '' : `:${port}`}`,
          PORT: '3000',
          MONGO_URL: 'mongodb://mongodb:27017/rocketchat?replicaSet=rs0',
        },
      },
      mongodb: mongodb(),
    },
    volumes: { mongodb: {} },
  };
}

/** A replica set of one, which its own check of health begins. */
function mongodb(): Yaml {
  const members = "[{ _id: 0, host: 'mongodb:27017' }]";
  return {
    image: 'mongo:8.0',
    restart: 'unless-stopped',
    command: ['mongod', '--replSet', 'rs0', '--bind_ip_all'],
    healthcheck: {
      test: [
        'CMD',
        'mongosh',
        '--quiet',
        '--eval',
        `try { rs.status().ok } catch { rs.initiate({ _id: 'rs0', members: ${members} }).ok }`,
      ],
      interval: '10s',
      start_period: '30s',
    },
    volumes: ['mongodb:/data/db'],
  };
}

/** Compose would take the names of variables for its own. */
function dollars(text: string): string {
  return text.replaceAll('$', '$$$$');
}
