import type * as Api from './api.ts';
import type { ConfigExport } from './config/user-config.ts';

export type { Config } from './config/types.ts';
export type * from './config/user-config.ts';
export {
  describe as describeDiagnostic,
  RcsslError,
  type Code,
  type Diagnostic,
  type Place,
} from './diagnostics/diagnostic.ts';
export type * from './engine/types.ts';
export type { WatchEvent, WatchStatus } from './watch/events.ts';
export type { Cause } from './watch/machine.ts';
export type { WatchOptions } from './api.ts';
export type { Action, CaPlan, HostPlan, Plan, Reason, Removal } from './plan/types.ts';

/** Gives back what it is given, typed: editors complete a configuration in it and show its docs. */
export function defineConfig(config: ConfigExport): ConfigExport {
  return config;
}

// A configuration imports this module for `defineConfig` alone: the code of the rest is loaded at the first call.

/**
 * Finds, reads and checks a configuration. `config` names the file, else it is looked for from `cwd` upwards. Gives the
 * normalised configuration, every file that was read (absolute) and the warnings; throws `RcsslError` with all errors.
 */
export const loadConfig: typeof Api.loadConfig = async (options) => (await import('./api.ts')).loadConfig(options);

/** What an apply would do, with reasons. Writes nothing, asks nothing; throws `RcsslError`. */
export const plan: typeof Api.plan = async (options) => (await import('./api.ts')).plan(options);

/**
 * Makes the disk what the configuration says. Prints nothing. A root that devices trust gets a new key only with
 * `replaceRoot: true`. Throws `RcsslError`, or the reason of `signal` when it is aborted before the first file moved.
 */
export const apply: typeof Api.apply = async (options) => (await import('./api.ts')).apply(options);

/**
 * Keeps what the configuration declares true until `signal` aborts or nobody takes its events any more: applies at once,
 * and again whenever the configuration, what it imports, an artifact, the time or the network asks for it. Gives the
 * events of `rcssl watch --json`, typed. Whatever goes wrong is an event; it throws for nothing.
 */
export const watch: typeof Api.watch = async function* watch(options) {
  yield* (await import('./api.ts')).watch(options);
};

/** The plan for scripts: `pending` when anything is missing, changed or inside its renewal window. Writes nothing. */
export const check: typeof Api.check = async (options) => (await import('./api.ts')).check(options);

/** Every certificate with its names, validity and fingerprint, as it is on the disk. Writes nothing. */
export const status: typeof Api.status = async (options) => (await import('./api.ts')).status(options);
