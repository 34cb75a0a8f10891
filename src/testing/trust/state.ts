import { createHash } from 'node:crypto';
import type { Namespace } from '../namespace.ts';

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** Every file and link of the system's store, with rights and content: what must be the same bytes afterwards. */
export async function systemFiles(namespace: Namespace): Promise<string> {
  const list = `cd / && find usr/local/share/ca-certificates etc/ssl/certs etc/ca-certificates.conf usr/lib/firefox-esr/distribution \
    -not -path 'etc/ssl/certs/java/*' -printf '%p %y %m %l ' \\( -type f -exec sha256sum {} \\; -o -printf '\\n' \\) | sort`;
  const { code, stdout, stderr } = await namespace.run(['sh', '-c', list]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** What an NSS database has: nicknames with their flags, and each certificate. */
export async function database(namespace: Namespace, folder: string): Promise<string[]> {
  const certutil = async (...args: string[]) => {
    const { code, stdout, stderr } = await namespace.run(['certutil', ...args, '-d', `sql:${folder}`]);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  };
  const rows = (await certutil('-L')).split('\n').filter((line) => /[a-zA-Z]*,[a-zA-Z]*,[a-zA-Z]*\s*$/.test(line));
  const found: string[] = [];
  for (const row of rows.filter((line) => !line.includes('S/MIME'))) {
    const nickname = row.replace(/\s+\S*,\S*,\S*\s*$/, '');
    found.push(`${row.trim()} ${sha256(await certutil('-L', '-n', nickname, '-a'))}`);
  }
  return found.sort();
}

/** What a keystore has: aliases and certificates. */
export async function keystore(namespace: Namespace, path: string): Promise<string[]> {
  const list = ['-J-Duser.language=en', '-list', '-rfc', '-keystore', path, '-storepass', 'changeit'];
  const { code, stdout } = await namespace.run(['keytool', ...list]);
  if (code !== 0) throw new Error(stdout);
  return stdout
    .split(/^Alias name: /m)
    .slice(1)
    .map((entry) => `${entry.split('\n', 1)[0]} ${sha256(/-----BEGIN[^]*END CERTIFICATE-----/.exec(entry)?.[0] ?? '')}`)
    .sort();
}
