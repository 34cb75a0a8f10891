import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunServer } from './servers.ts';

/** Debian's own configuration of a server, in a folder of the test, with a fragment where the docs put it. */
interface Stock {
  /** Below `/etc`. */
  readonly folder: string;
  /** Puts the fragment in; `etc` is the copy. */
  readonly add: (etc: string, fragment: string) => void;
  /** What judges the whole. */
  readonly check: (etc: string) => readonly [program: string, ...args: string[]];
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** Includes of the system's place become those of the copy. */
function moved(etc: string, folder: string, file: string): void {
  edit(join(etc, file), (text) => text.replaceAll(`/etc/${folder}/`, `${etc}/`));
}

const APACHE_MODULES =
  'ssl socache_shmcb http2 headers rewrite proxy proxy_http proxy_balancer lbmethod_byrequests slotmem_shm'.split(' ');

const STOCKS: Readonly<Record<Exclude<RunServer, 'caddy-json'>, Stock>> = {
  nginx: {
    folder: 'nginx',
    add(etc, fragment) {
      moved(etc, 'nginx', 'nginx.conf');
      symlinkSync(fragment, join(etc, 'conf.d/rcssl.conf'));
    },
    check: (etc) => ['nginx', '-t', '-e', 'stderr', '-c', join(etc, 'nginx.conf')],
  },
  apache: {
    folder: 'apache2',
    add(etc, fragment) {
      for (const name of APACHE_MODULES) {
        symlinkSync(`../mods-available/${name}.load`, join(etc, `mods-enabled/${name}.load`));
      }
      symlinkSync(fragment, join(etc, 'sites-enabled/rcssl.conf'));
    },
    check: (etc) => ['apache2', '-t', '-d', etc, '-f', join(etc, 'apache2.conf')],
  },
  caddy: {
    folder: 'caddy',
    add(etc, fragment) {
      mkdirSync(join(etc, 'sites'));
      symlinkSync(fragment, join(etc, 'sites/rcssl'));
      edit(join(etc, 'Caddyfile'), (text) => `${text}\nimport sites/*\n`);
    },
    check: (etc) => ['caddy', 'validate', '--adapter', 'caddyfile', '--config', join(etc, 'Caddyfile')],
  },
  haproxy: {
    folder: 'haproxy',
    add(etc, fragment) {
      moved(etc, 'haproxy', 'haproxy.cfg');
      symlinkSync(fragment, join(etc, 'rcssl.cfg'));
    },
    check: (etc) => ['haproxy', '-c', '-f', join(etc, 'haproxy.cfg'), '-f', join(etc, 'rcssl.cfg')],
  },
  lighttpd: {
    folder: 'lighttpd',
    add(etc, fragment) {
      moved(etc, 'lighttpd', 'lighttpd.conf');
      symlinkSync(fragment, join(etc, 'conf-enabled/90-rcssl.conf'));
    },
    check: (etc) => ['lighttpd', '-tt', '-f', join(etc, 'lighttpd.conf')],
  },
};

export const STOCK_SERVERS = Object.keys(STOCKS) as (keyof typeof STOCKS)[];

/** The command that judges Debian's configuration with this fragment in it. `etc` is a folder that is not there yet. */
export function stockCheck(
  server: keyof typeof STOCKS,
  etc: string,
  fragment: string,
): readonly [program: string, ...args: string[]] {
  const { folder, add, check } = STOCKS[server];
  cpSync(join('/etc', folder), etc, { recursive: true, verbatimSymlinks: true });
  add(etc, fragment);
  return check(etc);
}
