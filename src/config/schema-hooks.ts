import * as z from 'zod/mini';
import { HOOK_SIGNALS } from '../kernel/hook.ts';
import { argv, doc, FILE_PATH, flag, length, listOf, object, oneOf, text } from './schema-parts.ts';

const HOOK = '{ command: [PROGRAM, …] }, { signal, pidFile } or { url }';
const hook = object(
  {
    command: doc(z.optional(argv), 'The program and its arguments, run in the folder of this configuration.'),
    shell: doc(flag(), "The words of command, with spaces between them, are a line for the system's shell.", false),
    signal: doc(z.optional(oneOf(HOOK_SIGNALS)), 'Sent to the process whose id is in pidFile.'),
    pidFile: doc(
      z.optional(text("a file's path", FILE_PATH)),
      'The file that holds a process id, relative to this configuration.',
    ),
    url: doc(
      z.optional(text('an http:// or https:// address', /^https?:\/\/[^\s]+$/)),
      'Called with the changes as JSON.',
    ),
    method: doc(z.optional(oneOf(['POST', 'PUT', 'GET'])), 'The HTTP method.', 'POST'),
    timeout: doc(z.optional(length), 'After so long it has failed, and is ended with all that it started.', '30s'),
  },
  HOOK,
);
const hooks = z.union([hook, listOf(hook, 'a list of hooks')], { error: () => `${HOOK}, or a list of them` });

export function onChange(what: string) {
  return doc(z.optional(hooks), `What runs once ${what}: a command, a signal or an HTTP call, or a list of them.`);
}
