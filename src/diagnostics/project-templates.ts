import { ownerName, type OwnerId } from '../kernel/ids.ts';
import { certificateNameTemplates, certificateTemplates, inspectTemplates } from './inspect-templates.ts';
import { quoted } from '../kernel/shell.ts';
import { template } from './template.ts';

/** What can be wrong on the disk, with keys and passphrases, or while a plan is carried out. */
export const projectTemplates = {
  'secret-env-unset': template(
    'error',
    ({ what, name }: { what: string; name: string }) =>
      `the passphrase of ${what} is not set: environment variable ${name}`,
    ({ name }) => `set ${name}`,
  ),
  'secret-file-unreadable': template(
    'error',
    ({ what, why }: { what: string; why: string }) => `the passphrase of ${what} cannot be read from it (${why})`,
  ),
  'secret-command-failed': template(
    'error',
    ({ what, program, why }: { what: string; program: string; why: string }) =>
      `the command that gives the passphrase of ${what} failed: ${program}: ${why}`,
  ),
  'secret-no-terminal': template(
    'error',
    ({ what }: { what: string; instead: string | undefined }) =>
      `the passphrase of ${what} is asked for on a terminal, and there is none`,
    ({ instead = 'passphrase: { env: NAME }' }) => `use ${instead} where nobody can be asked`,
  ),
  'secret-mismatch': template(
    'error',
    ({ what }: { what: string }) => `the two passphrases of ${what} differ; nothing was written`,
  ),
  'secret-empty': template('error', ({ what }: { what: string }) => `the passphrase of ${what} is empty`),
  'init-config-exists': template(
    'error',
    (_: object) => 'is a configuration already, and init overwrites none',
    () => 'rcssl plan shows what it wants; remove it to start anew',
  ),
  'init-cannot-write': template('error', ({ why }: { why: string }) => `cannot be written (${why})`),
  ...inspectTemplates,
  ...certificateTemplates,
  ...certificateNameTemplates,
  'manifest-newer': template(
    'error',
    ({ version }: { version: number }) => `written by a newer rcssl (format ${version})`,
    () => 'update rcssl',
  ),
  'key-unreadable': template('error', ({ why }: { why: string }) => `the key cannot be used: ${why}`),
  'key-passphrase-wrong': template('error', (_: object) => 'the passphrase does not open it'),
  'key-passphrase-needed': template(
    'error',
    (_: object) => 'is encrypted, and the configuration names no passphrase',
    () => 'add ca.passphrase: { env: NAME }',
  ),
  'root-key-mismatch': template(
    'error',
    (_: object) => 'is not the key of the root certificate',
    () => 'put the right key back, or make a new root: --force ca:NAME --replace-root',
  ),
  'certificate-unreadable': template('error', (_: object) => 'the certificate cannot be read'),
  'system-refuses': template(
    'error',
    ({ why }: { why: string; path: string }) => {
      if (why === 'NOTFILE') return 'is not a file';
      return why === 'TOOBIG' ? 'is larger than such a file ever is' : `the system refuses it (${why})`;
    },
    ({ why, path }) => {
      if (why === 'NOTFILE' || why === 'TOOBIG') return `move it away: mv '${path}' '${path}.old'`;
      return why === 'EACCES' || why === 'EPERM'
        ? `see whose it is: ls -ld '${path}'; what sudo made is yours again by: sudo chown -R "$USER" '${path}'`
        : undefined;
    },
  ),
  'journal-newer': template(
    'error',
    ({ version }: { version: number }) => `an apply of a newer rcssl (format ${version}) was interrupted`,
    () => 'update rcssl: it finishes what was begun',
  ),
  'journal-unreadable': template(
    'error',
    (_: object) => 'does not read as the journal of an apply',
    () => 'move it away; rcssl apply then makes anew what is missing',
  ),
  'proxy-unwritable': template(
    'error',
    ({ path, why }: { path: string; why: string }) => `${JSON.stringify(path)}: ${why}`,
    () => 'give the file, or the folder of the project, a plainer name',
  ),
  'proxy-unservable': template(
    'error',
    ({ why }: { why: string; cure: string }) => why,
    ({ cure }) => cure,
  ),
  'proxy-limit': template('note', ({ name, limit }: { name: string; limit: string }) => `${name}: ${limit}`),
  'proxy-unchecked': template(
    'note',
    ({ name, program }: { name: string; program: string }) =>
      `${name}: ${program} is not installed here, so nothing checks its configuration`,
  ),
  'proxy-needs-declaring': template(
    'warning',
    ({ title, files }: { server: string; title: string; files: readonly string[] }) =>
      `${title} also reads ${files.join(', ')}, which apply makes for a declared proxy alone`,
    ({ server }) => `proxies: [{ server: '${server}' }] in the configuration, then rcssl apply`,
  ),
  'proxy-refused': template(
    'error',
    ({ name, program, said }: { name: string; program: string; said: string }) =>
      `${name}: ${program} refuses the new configuration: ${said}`,
    ({ said }) =>
      said.includes('Address family not supported')
        ? "this machine has no IPv6: give addresses of IPv4, as in listen: '0.0.0.0:443' and redirectFrom: '0.0.0.0:80'"
        : 'the old one stays; validate: false in the configuration leaves the check out',
  ),
  'proxy-ca-missing': template(
    'error',
    ({ name, path, why }: { name: string; path: string; why: string }) =>
      `${name}: ${path}, the root of the clients' certificates, ${why === 'ENOENT' ? 'is not there' : `cannot be read (${why})`}`,
    () => 'mend clientAuth.ca in the configuration; true instead asks for certificates of the root that it declares',
  ),
  'proxy-check-not-run': template(
    'warning',
    ({ name, program, why }: { name: string; program: string; why: string }) =>
      `${name}: ${program} could not be run (${why}), so nothing checked its configuration`,
    ({ program }) => `try ${program} by hand, or install it again`,
  ),
  'proxy-pair-unreadable': template(
    'error',
    ({ name, path }: { name: string; path: string }) => `${name}: ${path} cannot be read as what it should be`,
    () => 'rcssl apply without --only looks at every host',
  ),
  'proxy-pair-mismatch': template(
    'error',
    ({ name, path }: { name: string; path: string }) => `${name}: ${path} is not the key of the certificate beside it`,
  ),
  'apply-interrupted': template(
    'warning',
    ({ began }: { began: string }) => `the apply that began at ${began} was interrupted`,
    () => 'rcssl apply finishes it, or undoes what it had begun',
  ),
  'apply-recovered': template('note', ({ began, outcome }: { began: string; outcome: 'finished' | 'undone' }) =>
    outcome === 'finished'
      ? `finished the apply that began at ${began} and was interrupted`
      : `undid what the apply that began at ${began} had left unfinished`,
  ),
  'write-unfinished': template(
    'error',
    ({ why }: { why: string }) => `cannot be written (${why}), and the apply is not finished`,
    () => 'mend that; the next rcssl apply finishes it',
  ),
  'state-link': template(
    'error',
    (_: object) => 'is a link, and private keys that are archived would follow it',
    () => 'make it a folder',
  ),
  'key-link': template(
    'error',
    ({ to }: { to: string }) => `a link leads it out of the project, to ${to}, and no key is written there`,
    () => 'make it a folder',
  ),
  'lock-held': template(
    'error',
    ({ pid, host }: { pid: number; host: string }) => `held by process ${pid} on ${host}`,
    () => 'wait for it, or leave out --no-wait',
  ),
  'write-failed': template('error', ({ why }: { why: string }) => `cannot be written (${why})`),
  'folder-rights': template(
    'warning',
    ({ path, from, to }: { path: string; from: string; to: string; fix: string }) =>
      `the folder ${path} has ${from}, and the configuration says ${to}`,
    ({ path, fix }) => `rcssl gives rights to folders that it makes; this one was there: ${fix} ${path}`,
  ),
  'group-unknown': template(
    'error',
    ({ group }: { group: string }) => `this machine has no group ${group}`,
    ({ group }) => `create it, or give output.group another name than ${group}`,
  ),
  'owner-unknown': template(
    'error',
    ({ name }: { name: string; near: string | undefined }) => `the configuration declares no host ${name}`,
    ({ near }) => (near ? `did you mean ${/ /.test(near) ? `'${near}'` : near}` : undefined),
  ),
  'adopt-undeclared': template(
    'error',
    ({ path }: { path: string }) => `--adopt ${path}: the configuration declares no output there`,
  ),
  'root-replacement-needs-leave': template(
    'error',
    ({ name }: { name: string }) => `replacing the root ${name} needs leave: every device has to trust it anew`,
    () => 'the same again with --replace-root',
  ),
  'root-replacement-declined': template(
    'error',
    ({ name }: { name: string }) => `the root ${name} stays as it is; nothing was written`,
  ),
  'removal-declined': template('error', (_: object) => 'the files stay; nothing was written'),
  'apply-blocked': template(
    'error',
    ({ why }: { path: string; why: string; fix: 'adopt' | 'move' | 'passphrase' | 'outside' | 'all' | undefined }) =>
      why,
    ({ path, fix }) => {
      if (fix === 'adopt') return `rcssl apply --adopt ${path} takes it over`;
      if (fix === 'move') return `move it away: mv ${path} ${path}.old`;
      if (fix === 'all') return 'rcssl apply without --only makes what it needs';
      if (fix === 'outside') return 'declare the path that is meant, with outside: true';
      return fix === 'passphrase' ? 'add ca.passphrase: { env: NAME }' : undefined;
    },
  ),
  'apply-unswitchable': template(
    'error',
    ({ why }: { folder: string; what: 'folder' | 'content' | 'other'; why: string }) => why,
    ({ folder, what }) => {
      if (what === 'content') return `move it out of ${folder}, or declare layout: 'files'`;
      if (what === 'other') return "move it away, or declare layout: 'files'";
      const at = folder.lastIndexOf('/') + 1;
      const version = `.${folder.slice(at)}.rcssl-000000000000`;
      const [from, to] = [quoted(folder), quoted(folder.slice(0, at) + version)];
      return `mv -n ${from} ${to} && ln -s ${quoted(version)} ${from} keeps what is in it; or declare layout: 'files'`;
    },
  ),
  'apply-incomplete': template(
    'error',
    ({ path, reason }: { path: string; reason: string }) => `after the run ${path} is still not as planned: ${reason}`,
    () => 'another program may have changed it meanwhile; run rcssl plan',
  ),
  'root-key-unverified': template(
    'note',
    (_: object) => 'is encrypted and unknown to the manifest; its passphrase was not asked for',
  ),
  'root-unconstrained': template(
    'note',
    ({ name }: { name: string }) => `the shared root ${name} can sign for any name`,
    ({ name }) => `rcssl apply --force 'ca:${name}' --replace-root makes one that cannot`,
  ),
  'hook-failed': template(
    'error',
    ({ hook, why, output }: { hook: string; why: string; output: string }) =>
      `the hook ${hook} failed: ${why}${output === '' ? '' : `\n${output}`}`,
    () => 'what was made stays; the next rcssl apply runs the hook again',
  ),
  'watch-trouble': template(
    'warning',
    ({ why }: { why: string }) =>
      why === 'deaf'
        ? 'the system did not tell of a change to a file that is followed; it was found a minute later at most'
        : `the system does not follow all files (${why})`,
    ({ why }) =>
      why === 'ENOSPC'
        ? 'raise fs.inotify.max_user_watches, or rcssl watch --poll'
        : 'rcssl watch --poll looks at the files itself',
  ),
  'watch-contested': template(
    'warning',
    (_: object) => 'is written by something else as soon as it is put right; it is put right ever more seldom',
    () => 'let one of the two own the file: another output in the configuration, or an end to the other program',
  ),
  'watch-mount': template(
    'warning',
    ({ kind }: { kind: string }) => `the project lies on ${kind}, where the system may not tell of changes`,
    () => 'rcssl watch --poll looks at the files itself',
  ),
  'watch-own-files': template(
    'error',
    (_: object) => "rcssl's own files are not there",
    () => 'an install may be at work; it is tried again',
  ),
  'key-tracked': template(
    'error',
    ({ path }: { path: string }) => `git tracks the private key ${path}`,
    ({ path }) => `git rm --cached ${path}, add it to .gitignore, and replace the key: it is in the history`,
  ),
  'key-not-ignored': template(
    'error',
    ({ path }: { path: string; file: string; line: string }) => `git does not ignore the private key ${path}`,
    ({ file, line }) => `add ${line} to ${file}`,
  ),
  'key-readable': template(
    'error',
    ({ path, mode }: { path: string; mode: string; fix: string; owner: OwnerId }) =>
      `others have rights to the private key ${path}: mode ${mode}`,
    ({ path, fix, owner }) => {
      const host = /^[\w.-]+$/.test(ownerName(owner)) ? ownerName(owner) : `'${owner}'`;
      const anew = owner.startsWith('ca:') ? `'${owner}' --replace-root` : host;
      return `${fix} ${path}; if somebody has read it, replace it: rcssl apply --force ${anew}`;
    },
  ),
  'leaks-unknown': template(
    'warning',
    ({ repository, why }: { repository: string; why: string; fix: string | undefined }) =>
      `git could not be asked whether it would take private keys along from ${repository}: ${why}`,
    ({ fix }) => fix,
  ),
  'key-served': template(
    'error',
    ({ path }: { path: string }) => `the private key ${path} lies in a folder that servers publish`,
    () => 'put it elsewhere: outDir, or output.key of the host',
  ),
};
