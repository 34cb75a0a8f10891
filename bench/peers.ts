import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostNames, ROOT_CERTIFICATE, ROOT_KEY, type HostKey } from './configs.ts';
import { versionOf } from './machine.ts';

/** Another tool that does the same work: a shell script that makes every host, in the folder that it is run in. */
export interface Peer {
  readonly name: string;
  /** Undefined where it is not installed. */
  readonly version: string | undefined;
  /** Puts what it needs beforehand, and the script `run.sh`, in an empty folder. */
  readonly prepare: (folder: string, root: string, count: number, key: HostKey) => void;
}

export const PEERS: readonly Peer[] = [
  {
    name: 'mkcert',
    version: versionOf('mkcert', '-version'),
    prepare(folder, root, count, key) {
      const home = join(folder, 'caroot');
      mkdirSync(home, { recursive: true });
      copyFileSync(join(root, ROOT_CERTIFICATE), join(home, 'rootCA.pem'));
      copyFileSync(join(root, ROOT_KEY), join(home, 'rootCA-key.pem'));
      const kind = key === 'ecdsa-p256' ? '-ecdsa ' : '';
      script(folder, [
        `export CAROOT='${home}'`,
        ...hostNames(count).map((name) => `mkcert ${kind}-cert-file ${name}.crt -key-file ${name}.key ${name}`),
      ]);
    },
  },
  {
    name: 'openssl',
    version: versionOf('openssl', 'version'),
    prepare(folder, root, count, key) {
      mkdirSync(folder, { recursive: true });
      const files = { key: join(folder, 'root.key'), certificate: join(folder, 'root.crt') };
      copyFileSync(join(root, ROOT_KEY), files.key);
      copyFileSync(join(root, ROOT_CERTIFICATE), files.certificate);
      const names = hostNames(count);
      for (const name of names) writeFileSync(join(folder, `${name}.ext`), `subjectAltName=DNS:${name}\n`);
      const makeKey = (name: string): string =>
        key === 'ecdsa-p256'
          ? `openssl ecparam -name prime256v1 -genkey -noout -out ${name}.key`
          : `openssl genrsa -out ${name}.key 2048`;
      // The commands of Rocket.Chat's guide, without its questions.
      script(
        folder,
        names.flatMap((name) => [
          makeKey(name),
          `openssl req -new -key ${name}.key -subj /CN=${name} -out ${name}.csr`,
          `openssl x509 -req -in ${name}.csr -CA root.crt -CAkey root.key -CAcreateserial -days 365 -sha256 -extfile ${name}.ext -out ${name}.crt`,
        ]),
      );
    },
  },
];

function script(folder: string, lines: readonly string[]): void {
  writeFileSync(join(folder, 'run.sh'), ['set -e', ...lines, ''].join('\n'));
}
