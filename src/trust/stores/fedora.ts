import { anchorStore } from '../anchors.ts';

/** Fedora, RHEL and their kin: update-ca-trust(8) makes the bundle, Java's store and OpenSSL's folder at once. */
export const fedora = anchorStore({
  title: 'system store',
  family: 'fedora',
  folder: '/etc/pki/ca-trust/source/anchors',
  ending: '.pem',
  added: ['update-ca-trust', 'extract'],
  removed: ['update-ca-trust', 'extract'],
  install: 'sudo dnf install ca-certificates',
  bundle: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
});
