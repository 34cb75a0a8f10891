import { anchorStore } from '../anchors.ts';

/** A file of ours, not `trust anchor --store`, which chooses its name itself. `extract-compat` is mkcert's choice too. */
export const arch = anchorStore({
  title: 'system store',
  family: 'arch',
  folder: '/etc/ca-certificates/trust-source/anchors',
  ending: '.crt',
  added: ['trust', 'extract-compat'],
  removed: ['trust', 'extract-compat'],
  install: 'sudo pacman -S ca-certificates-utils',
  bundle: '/etc/ssl/certs/ca-certificates.crt',
});
