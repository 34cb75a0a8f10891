import { formatInstant } from '../kernel/instant.ts';
import { pathFrom } from '../kernel/path.ts';
import type { WatchEvent } from '../watch/events.ts';
import type { Cause } from '../watch/machine.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { applyJson, planJson } from './plan-json.ts';
import type { View } from './view.ts';

/** A line of `rcssl watch --json`: an event for programs. Paths are relative to `root` where they lie in it. */
export function watchJson(event: WatchEvent, root: string, view: Pick<View, 'project' | 'selection'>): object {
  const head = { formatVersion: 1, command: 'watch', event: event.type, at: formatInstant(event.at) };
  switch (event.type) {
    case 'watching': {
      const { config, sources, artifacts } = event;
      const shown = (path: string): string => pathFrom(root, path);
      return { ...head, root, ...(config && { config: shown(config) }), sources: sources.map(shown), artifacts };
    }
    case 'started':
      return { ...head, causes: causesJson(event.causes, root), plan: planJson(event.plan, view) };
    case 'applied':
      return { ...head, causes: causesJson(event.causes, root), result: applyJson(event.result, view) };
    case 'failed':
      return {
        ...head,
        causes: causesJson(event.causes, root),
        diagnostics: diagnosticsJson(event.diagnostics, root),
        retryAt: formatInstant(event.retryAt),
        repeated: event.repeated,
      };
    case 'status': {
      const { complete, failed, hosts, blocked, nextChange } = event;
      const next = nextChange && { at: formatInstant(nextChange.at), owner: nextChange.owner };
      return { ...head, complete, failed, hosts, blocked, ...(next && { nextRenewal: next }) };
    }
    case 'plan':
      return { ...head, plan: planJson(event.plan, view) };
    case 'notice':
      return { ...head, diagnostics: diagnosticsJson(event.diagnostics, root) };
    case 'stopped':
      return { ...head, why: event.why };
  }
}

function causesJson(causes: readonly Cause[], root: string): object[] {
  return causes.map((cause) =>
    cause.code === 'files' ? { ...cause, paths: cause.paths.map((path) => pathFrom(root, path)) } : cause,
  );
}
