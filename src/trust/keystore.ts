import { splitPem } from '../pki/pem.ts';
import { ask } from './ask.ts';
import type { Needs, Step, TrustPorts, TrustRoot } from './types.ts';

/** Every Java of Debian's links to it; ca-certificates-java fills it. */
export const DEBIAN_KEYSTORE = '/etc/ssl/certs/java/cacerts';

/** Java's own default for its roots, known to everyone and no secret. */
const PASSWORD = ['-storepass', 'changeit'];
/** keytool speaks the user's language. */
const ENGLISH = '-J-Duser.language=en';

export function importInto(keytool: string, path: string, root: TrustRoot, needs: Needs): Step & { do: 'run' } {
  const what = ['-importcert', '-noprompt', '-alias', root.id, '-file', root.file];
  return { do: 'run', argv: [keytool, ...what, '-keystore', path, ...PASSWORD], needs };
}

export function deleteFrom(keytool: string, path: string, alias: string, needs: Needs): Step & { do: 'run' } {
  return { do: 'run', argv: [keytool, '-delete', '-alias', alias, '-keystore', path, ...PASSWORD], needs };
}

/** The alias that a keystore has the root under; undefined if it has it not. Throws `StoreFault`. */
export async function aliasIn(
  ports: TrustPorts,
  keytool: string,
  path: string,
  root: TrustRoot,
): Promise<string | undefined> {
  const { text } = await ask(ports, [keytool, ENGLISH, '-list', '-rfc', '-keystore', path, ...PASSWORD]);
  return aliasOf(text, root);
}

/** Reads `keytool -list -rfc`: an alias, a few lines about it, a PEM block. */
export function aliasOf(listing: string, { der }: Pick<TrustRoot, 'der'>): string | undefined {
  return listing
    .split(/^Alias name: /m)
    .slice(1)
    .find(
      (entry) => entry.includes('-----BEGIN ') && splitPem(Buffer.from(entry)).some((block) => block.der.equals(der)),
    )
    ?.split(/\r?\n/, 1)[0]
    ?.trim();
}
