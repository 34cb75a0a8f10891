/** The one table of flags: it feeds the parser, the help, the completions and docs/cli.md. */
export interface Flag {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** What stands for the value in the help; a string flag has one. */
  readonly placeholder?: string;
  /** May be given again, or be followed by several values. */
  readonly multiple?: true;
  /** What a shell completes the value with. */
  readonly completes?: 'file' | 'folder';
  readonly description: string;
}

export const FLAGS = {
  json: { type: 'boolean', description: 'print one JSON object, formatVersion 1, instead of text' },
  quiet: { type: 'boolean', short: 'q', description: 'print nothing but errors' },
  verbose: { type: 'boolean', description: 'say more: every file, and the stack of an unexpected error' },
  cwd: {
    type: 'string',
    placeholder: 'DIR',
    completes: 'folder',
    description: 'work as if started in DIR',
  },
  config: {
    type: 'string',
    placeholder: 'FILE',
    completes: 'file',
    description: 'use this configuration instead of searching for one',
  },
  help: { type: 'boolean', short: 'h', description: 'show help' },
  version: { type: 'boolean', short: 'v', description: 'show the version' },
  'dry-run': { type: 'boolean', description: 'show the plan and write nothing' },
  only: {
    type: 'string',
    placeholder: 'HOST',
    multiple: true,
    description: 'look at these hosts and their root alone',
  },
  force: {
    type: 'string',
    placeholder: 'HOST',
    multiple: true,
    description: 'a new key and certificate though nothing is wrong; ca:NAME is the root',
  },
  prune: { type: 'boolean', description: 'remove files of rcssl that the configuration no longer declares' },
  adopt: {
    type: 'string',
    placeholder: 'PATH',
    multiple: true,
    completes: 'file',
    description: 'take over files that rcssl did not write; they are archived before they are replaced',
  },
  yes: { type: 'boolean', description: 'answer yes to questions, but never to the replacement of a root' },
  'replace-root': { type: 'boolean', description: 'allow a new key for the root, which every device must trust anew' },
  'no-wait': { type: 'boolean', description: 'fail at once where another rcssl is at work here' },
  watch: { type: 'boolean', description: 'go on, and do it again whenever something changes: rcssl watch' },
  poll: { type: 'boolean', description: 'look at the files twice a second, where the system does not tell of changes' },
  'until-complete': { type: 'boolean', description: 'exit 0 as soon as the set is complete, for scripts' },
  within: {
    type: 'string',
    placeholder: 'DURATION',
    description: 'count a certificate as due when it ends this soon: 30d, 12h',
  },
  'config-only': {
    type: 'boolean',
    description: 'judge the configuration alone, as a clone without keys can; a bare --config means the same',
  },
  list: { type: 'boolean', description: 'list the servers, where their files go and what makes them read those' },
  upstream: {
    type: 'string',
    placeholder: 'URL[,URL...]',
    description: 'where the app listens; default http://127.0.0.1:3000',
  },
  listen: {
    type: 'string',
    placeholder: 'ADDRESS[,...]',
    description: 'where the server speaks HTTPS: a port, or 127.0.0.1:8443, [::1]:8443; default 443',
  },
  'redirect-from': {
    type: 'string',
    placeholder: 'ADDRESS[,...]',
    description: 'where plain HTTP is sent on to HTTPS, or none; default 80',
  },
  yaml: { type: 'boolean', description: 'write the configuration as YAML' },
  'passphrase-env': {
    type: 'string',
    placeholder: 'NAME',
    description: 'the environment variable that holds the passphrase of an encrypted key or PKCS#12',
  },
  'passphrase-file': {
    type: 'string',
    placeholder: 'FILE',
    completes: 'file',
    description: 'the file that holds the passphrase; a newline at its end is no part of it',
  },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof FLAGS;

type ValueOf<F extends Flag> = F extends { readonly multiple: true }
  ? readonly string[]
  : F['type'] extends 'string'
    ? string
    : true;

/** What the command line said, by the flags' long names. */
export type FlagValues = { readonly [N in FlagName]?: ValueOf<(typeof FLAGS)[N]> };

/** Every command has these. */
export const SHARED = ['json', 'quiet', 'verbose', 'cwd', 'config', 'help'] as const satisfies readonly FlagName[];

export function flagNamed(name: FlagName): Flag {
  return FLAGS[name];
}
