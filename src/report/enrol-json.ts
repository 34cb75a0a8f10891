import type { AndroidConfigResult } from '../enrol/android-config.ts';
import type { EmulateResult } from '../enrol/emulate.ts';
import type { EnrolEvent } from '../enrol/events.ts';
import { formatInstant } from '../kernel/instant.ts';
import { pathFrom } from '../kernel/path.ts';
import { diagnosticsJson } from './diagnostics.ts';

/** A line of `rcssl enrol --json`: an event for programs. Paths are relative to `folder` where they lie in it. */
export function enrolJson(event: EnrolEvent, folder: string): object {
  const { at, type, ...rest } = event;
  const head = { formatVersion: 1, command: 'enrol', event: type, at: formatInstant(at) };
  if (event.type !== 'listening') return { ...head, ...rest };
  const { until, diagnostics, ...more } = event;
  const { at: _at, type: _type, ...facts } = more;
  const end = until === undefined ? {} : { until: formatInstant(until) };
  return { ...head, ...facts, ...end, diagnostics: diagnosticsJson(diagnostics, folder) };
}

/** The value of `rcssl enrol android-config --json`, paths relative to `cwd`. */
export function androidConfigJson(
  { name, out, files, manifest, diagnostics }: AndroidConfigResult,
  cwd: string,
): object {
  return {
    formatVersion: 1,
    command: 'enrol android-config',
    name,
    out: pathFrom(cwd, out),
    files: files.map(({ path, state }) => ({ path: pathFrom(cwd, path), state })),
    ...(manifest !== undefined && { manifest: pathFrom(cwd, manifest) }),
    diagnostics: diagnosticsJson(diagnostics, cwd),
  };
}

/** The value of `rcssl enrol --android-emulator --ios-simulator --json`. */
export function emulateJson({ root, emulated, diagnostics }: EmulateResult, cwd: string): object {
  const shown = emulated.map(({ byHand, ...rest }) => ({ ...rest, ...(byHand !== undefined && { byHand }) }));
  const told = diagnosticsJson(diagnostics, cwd);
  return { formatVersion: 1, command: 'enrol emulators', root, emulated: shown, diagnostics: told };
}
