import type { EnrolEvent } from '../enrol/events.ts';
import { formatInstant } from '../kernel/instant.ts';
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
