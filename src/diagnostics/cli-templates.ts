import { template } from './template.ts';

/** What can be wrong with a command line, or with the program itself. */
export const cliTemplates = {
  'cli-unknown-command': template(
    'error',
    ({ command }: { command: string; near: string | undefined }) => `unknown command: ${command}`,
    ({ near }) => (near ? `did you mean rcssl ${near}` : 'rcssl --help lists the commands'),
  ),
  'cli-no-command': template(
    'error',
    ({ group }: { group: string | undefined }) => (group ? `no command after ${group}` : 'no command'),
    ({ group }) => {
      const rcssl = group ? `rcssl ${group}` : 'rcssl';
      return `${rcssl} COMMAND [FLAGS]; ${rcssl} --help lists the commands`;
    },
  ),
  'cli-unknown-flag': template(
    'error',
    ({ flag }: { flag: string; near: string | undefined; command: string | undefined }) => `unknown flag: ${flag}`,
    ({ near, command }) =>
      near ? `did you mean ${near}` : `rcssl ${command ? `${command} ` : ''}--help lists the flags`,
  ),
  'cli-missing-value': template(
    'error',
    ({ flag }: { flag: string; placeholder: string }) => `${flag} wants a value`,
    ({ flag, placeholder }) => `${flag} ${placeholder}`,
  ),
  'cli-needless-value': template('error', ({ flag }: { flag: string }) => `${flag} takes no value`),
  'cli-unexpected-argument': template(
    'error',
    ({ argument }: { argument: string; command: string }) => `unexpected argument: ${argument}`,
    ({ command }) => `rcssl ${command} --help shows what it takes`,
  ),
  'cli-missing-argument': template(
    'error',
    ({ placeholder }: { placeholder: string; command: string }) => `missing argument: ${placeholder}`,
    ({ placeholder, command }) => `rcssl ${command} ${placeholder}`,
  ),
  'cli-bad-choice': template(
    'error',
    ({ argument }: { argument: string; choices: readonly string[]; near: string | undefined }) =>
      `not known here: ${argument}`,
    ({ choices, near }) => (near ? `did you mean ${near}` : `one of ${choices.join(', ')}`),
  ),
  'cli-bad-value': template(
    'error',
    ({ flag, value }: { flag: string; value: string; example: string }) => `${flag} cannot be ${value}`,
    ({ example }) => `such as ${example}`,
  ),
  'cli-bad-duration': template(
    'error',
    ({ flag, value }: { flag: string; value: string }) => `${flag} is not a duration: ${value}`,
    ({ flag }) => `a number with s, m, h, d, w or y: ${flag} 30d`,
  ),
  'cli-flags-exclude': template(
    'error',
    ({ one, other }: { one: string; other: string }) => `${one} and ${other} exclude each other`,
  ),
  'cli-no-folder': template(
    'error',
    ({ path }: { path: string }) => `not a folder: ${path}`,
    () => '--cwd DIR',
  ),
  'cli-cancelled': template(
    'error',
    ({ what }: { what: string }) => `${what} was cancelled`,
    () => 'nothing was written',
  ),
  'cli-unexpected': template(
    'error',
    ({ message }: { message: string }) => message,
    () => 'this is a bug of rcssl: please report it with the output of the same command and --verbose',
  ),
};
