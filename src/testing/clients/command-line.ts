import { isIP } from 'node:net';
import type { Client, Visit } from './client.ts';
import { lastLine, run, type Output } from './run.ts';

/** A client that is one process a visit. */
function commandLine(
  title: string,
  program: string,
  argsFor: (visit: Visit, root: string) => readonly string[],
  accepts: (output: Output) => boolean,
): Client {
  return {
    title,
    programs: [program],
    visit: (visits, { root }) =>
      Promise.all(
        visits.map(async (visit) => {
          const output = await run(program, argsFor(visit, root));
          return { visit, accepted: output.code === 0 && accepts(output), said: lastLine(output) };
        }),
      ),
  };
}

export const opensslStrict = commandLine(
  'OpenSSL, strict',
  'openssl',
  ({ name, port }, root) => {
    const strict = ['-CAfile', root, '-x509_strict', '-verify_return_error'];
    const expected = isIP(name)
      ? ['-noservername', '-verify_ip', name]
      : ['-servername', name, '-verify_hostname', name];
    return ['s_client', '-connect', `127.0.0.1:${port}`, ...strict, ...expected];
  },
  ({ stdout }) => stdout.includes('Verify return code: 0 (ok)'),
);

export const gnutls = commandLine(
  'GnuTLS',
  'gnutls-cli',
  ({ name, port }, root) => {
    const serverName = isIP(name) ? ['--disable-sni'] : ['--sni-hostname', name];
    return ['--x509cafile', root, '--verify-hostname', name, ...serverName, '--port', String(port), '127.0.0.1'];
  },
  ({ stdout }) => stdout.includes('The certificate is trusted'),
);

export const curl = commandLine(
  'curl',
  'curl',
  ({ name, port }, root) => {
    const quiet = ['--disable', '--silent', '--show-error', '--noproxy', '*'];
    const url = `https://${isIP(name) === 6 ? `[${name}]` : name}/`;
    return [...quiet, '--cacert', root, '--connect-to', `::127.0.0.1:${port}`, url];
  },
  ({ stdout }) => stdout === 'hello\n',
);
