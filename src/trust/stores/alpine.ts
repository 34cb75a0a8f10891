import { anchorStore } from '../anchors.ts';

/** Alpine's own update-ca-certificates knows no `--fresh`: it clears what is gone by itself. */
export const alpine = anchorStore({
  title: 'system store',
  family: 'alpine',
  folder: '/usr/local/share/ca-certificates',
  ending: '.crt',
  added: ['update-ca-certificates'],
  removed: ['update-ca-certificates'],
  install: 'sudo apk add ca-certificates',
  bundle: '/etc/ssl/certs/ca-certificates.crt',
});
