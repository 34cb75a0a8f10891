import { caddyfile, caddyLimits } from './caddy.ts';
import { composed, frontFile } from './compose.ts';
import { nginx } from './nginx.ts';
import { command, IDLE_SECONDS, type ReverseProxy } from './site.ts';
import { block, textOf } from './text.ts';
import { traefik, traefikStatic } from './traefik.ts';

/* Facts: the pages of the images nginx, caddy and traefik on Docker Hub. Their processes read as root, so keys may be 0600. */

/** A command inside of the running container. */
function inside(compose: string, ...argv: string[]): ReturnType<ReverseProxy['reload']> {
  return { does: command('docker', 'compose', '-f', compose, 'exec', '-T', 'proxy', ...argv) };
}

export const composeNginx = composed({
  title: 'nginx',
  image: 'nginx:1.28',
  folder: '/etc/nginx/conf.d',
  files: (site, origin) => [{ name: 'rcssl.conf', text: nginx.write(site, origin) }],
  reload: (file) => inside(file, 'nginx', '-s', 'reload'),
  limits: nginx.limits,
});

export const composeCaddy = composed({
  title: 'Caddy',
  image: 'caddy:2.10',
  folder: '/etc/caddy',
  files: (site, origin) => [
    {
      name: 'Caddyfile',
      text: textOf(
        `# ${origin}`,
        block('{', 'auto_https off'),
        // The image's Caddy is newer than 2.7, which can leave WebSockets open when it reloads.
        caddyfile(site, `stream_close_delay ${IDLE_SECONDS}s`),
      ),
    },
  ],
  reload: (file) =>
    inside(file, 'caddy', 'reload', '--force', '--adapter', 'caddyfile', '--config', '/etc/caddy/Caddyfile'),
  limits: (site) => caddyLimits(site).slice(1),
});

const DYNAMIC = 'dynamic/rcssl.yml';

export const composeTraefik = composed({
  title: 'Traefik',
  image: 'traefik:v3.7',
  folder: '/etc/traefik',
  files: (site, origin) => [
    {
      name: 'traefik.yml',
      text: textOf(`# ${origin}`, traefikStatic(site, { directory: '/etc/traefik/dynamic', watch: true })),
    },
    { name: DYNAMIC, text: traefik.write(site, origin) },
  ],
  // Certificates are not watched; the folder of the dynamic file is.
  reload: (file, site) => ({ does: { kind: 'rewrite', file: frontFile(file, site, DYNAMIC) } }),
  limits: (site) => [
    ...traefik.limits(site),
    'Traefik takes up new files where its container is told of changes in a mounted folder, as on Linux; elsewhere, restart the service proxy',
  ],
});
