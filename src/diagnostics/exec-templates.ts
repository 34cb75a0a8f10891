import { template } from './template.ts';

/** What can be in the way of a command that is to trust the root. */
export const execTemplates = {
  'exec-no-root': template(
    'error',
    ({ name }: { name: string }) => `the root ${name} has no certificate yet`,
    () => 'rcssl apply makes it',
  ),
  'exec-not-found': template(
    'error',
    ({ program }: { program: string }) => `no such program: ${program}`,
    ({ program }) =>
      program.includes(' ') ? 'each word of the command is an argument: rcssl exec -- npm test' : undefined,
  ),
  'exec-not-started': template(
    'error',
    ({ program, why }: { program: string; why: string; windows: boolean }) => `${program} cannot be started (${why})`,
    ({ program, windows }) => (windows ? `a script needs its shell: rcssl exec -- cmd /c ${program}` : undefined),
  ),
  'exec-bundle-unreadable': template(
    'warning',
    ({ name, path, why }: { name: string; path: string; why: string }) =>
      `${name} stays as it is: ${path}, which it names, ${why}`,
    ({ name }) => `a file of certificates there, or no ${name}, and its programs trust the root`,
  ),
  'exec-no-system-roots': template(
    'warning',
    ({ names }: { names: readonly string[] }) =>
      `no file with the system's roots was found: ${names.join(', ')} would take them away, and stay as they are`,
    () => 'SSL_CERT_FILE may name one',
  ),
  'exec-java': template('note', ({ why }: { why: string }) => `Java is not told of the root: ${why}`),
};
