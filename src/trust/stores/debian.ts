import { anchorStore } from '../anchors.ts';
import { findTool } from '../ask.ts';
import { DEBIAN_KEYSTORE, deleteFrom } from '../keystore.ts';

/**
 * Debian and Ubuntu. Without `--fresh` links to the removed file stay, and hooks are told of nothing; with it, the hook
 * of ca-certificates-java still hears of additions alone, so that its store keeps the root under the name of its file.
 */
export const debian = anchorStore({
  title: 'system store',
  family: 'debian',
  folder: '/usr/local/share/ca-certificates',
  ending: '.crt',
  added: ['update-ca-certificates'],
  removed: ['update-ca-certificates', '--fresh'],
  package: 'ca-certificates',
  bundle: '/etc/ssl/certs/ca-certificates.crt',
  beside(ports) {
    const keytool = findTool(ports, 'keytool');
    const isThere = ports.files.entry(DEBIAN_KEYSTORE) !== undefined;
    return isThere && keytool !== undefined ? { javaStore: { path: DEBIAN_KEYSTORE, keytool } } : {};
  },
  leftovers: ({ javaStore }, { id }) =>
    javaStore ? [{ ...deleteFrom(javaStore.keytool, javaStore.path, `debian:${id}.pem`, 'root'), fine: [1] }] : [],
});
