import { anchorStore } from '../anchors.ts';

/** openSUSE and SLES: the command has the name of Debian's and is another one. */
export const suse = anchorStore({
  title: 'system store',
  family: 'suse',
  folder: '/etc/pki/trust/anchors',
  ending: '.pem',
  added: ['update-ca-certificates'],
  removed: ['update-ca-certificates'],
  install: 'sudo zypper install ca-certificates',
  bundle: '/var/lib/ca-certificates/ca-bundle.pem',
});
