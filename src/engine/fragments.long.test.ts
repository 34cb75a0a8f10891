import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeExec } from '../platform/node-exec.ts';
import { findProgram, requireLeave, requireProgram } from '../testing/programs.ts';
import { scratchProject } from '../testing/project.ts';
import { RUN_SERVERS } from '../testing/reverse-proxy/servers.ts';
import { STOCK_SERVERS, stockCheck } from '../testing/reverse-proxy/stock.ts';

/** As Debian's envvars set it. */
const APACHE = {
  APACHE_RUN_USER: 'www-data',
  APACHE_RUN_GROUP: 'www-data',
  APACHE_RUN_DIR: '/tmp',
  APACHE_PID_FILE: '/tmp/rcssl-apache.pid',
  APACHE_LOG_DIR: '/tmp',
  APACHE_LOCK_DIR: '/tmp',
};

describe.each(STOCK_SERVERS)('a part for %s', (server) => {
  requireProgram(new Map(RUN_SERVERS).get(server) ?? server);
  requireLeave(existsSync('/etc/debian_version') ? undefined : "Debian's own configuration");
  // nginx binds its ports in a check.
  requireLeave(process.getuid?.() === 0 ? undefined : 'ports below 1024');

  it.each([
    { what: 'on the usual ports', more: {} },
    { what: 'on other ports', more: { listen: 45_443, redirectFrom: 45_080 } },
    { what: 'for HTTPS alone', more: { redirectFrom: false } },
  ])("is accepted in the system's own configuration, $what", async ({ more }) => {
    const project = scratchProject({
      ca: { key: 'ecdsa-p256' },
      defaults: { key: 'ecdsa-p256' },
      hosts: ['app.test', { name: 'local.test', altNames: ['127.0.0.1'] }],
      proxies: [{ server, output: 'proxy/part.conf', upstream: ['http://127.0.0.1:1', 'http://127.0.0.1:2'], ...more }],
    });
    await project.apply();
    const [program, ...args] = stockCheck(server, project.path('etc'), project.path('proxy/part.conf'));
    const { code, stdout, stderr } = await nodeExec.run([findProgram(program) ?? program, ...args], {
      cwd: project.folder,
      timeout: 60_000,
      env: { HOME: project.folder, ...APACHE },
    });
    expect({ code, said: code === 0 ? '' : `${stderr.toString()}${stdout.toString()}` }).toEqual({ code: 0, said: '' });
  });
});
