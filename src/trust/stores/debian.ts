import { anchorStore } from '../anchors.ts';
import { findTool } from '../ask.ts';
import { DEBIAN_KEYSTORE, deleteFrom } from '../keystore.ts';
import { linuxFamily } from '../linux.ts';
import type { Found, TrustPorts, TrustStore } from '../types.ts';

/**
 * Debian and Ubuntu. Without `--fresh` links to the removed file stay, and hooks are told of nothing; with it, the hook
 * of ca-certificates-java still hears of additions alone, so that its store keeps the root under the name of its file.
 */
const anchors = anchorStore({
  title: 'system store',
  family: 'debian',
  folder: '/usr/local/share/ca-certificates',
  ending: '.crt',
  added: ['update-ca-certificates'],
  removed: ['update-ca-certificates', '--fresh'],
  install: 'sudo apt install ca-certificates',
  bundle: '/etc/ssl/certs/ca-certificates.crt',
  beside(ports) {
    const keytool = findTool(ports, 'keytool');
    const isThere = ports.files.entry(DEBIAN_KEYSTORE) !== undefined;
    return isThere && keytool !== undefined ? { javaStore: { path: DEBIAN_KEYSTORE, keytool } } : {};
  },
  leftovers: ({ javaStore }, { id }) =>
    javaStore ? [{ ...deleteFrom(javaStore.keytool, javaStore.path, `debian:${id}.pem`, 'root'), fine: [1] }] : [],
});

/** It also speaks for the Linuxes that are none that rcssl knows, so that they are not passed over in silence. */
export const debian: TrustStore = { ...anchors, detect: async (ports) => unknownLinux(ports) ?? anchors.detect(ports) };

function unknownLinux(ports: TrustPorts): Found | undefined {
  if (ports.computer().system !== 'linux') return undefined;
  const family = linuxFamily(ports);
  if (family === 'nixos') return { skip: { code: 'nixos' } };
  return family === undefined ? { skip: { code: 'not-found', what: 'system' } } : undefined;
}
