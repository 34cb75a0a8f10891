import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Draft } from '../draft.ts';
import { DEFAULTS } from '../normalise.ts';

/** A leaf that outlives its root: clients refuse it from the root's end on, whatever it says itself. */
export function leavesEndBeforeRoot({ user, config, hosts }: Draft): Diagnostic[] {
  const root = user.ca?.validity ?? DEFAULTS.ca.validity;
  return hosts.flatMap((host) => {
    if (!host.config || host.config.validity <= config.ca.validity) return [];
    const written = host.user.validity !== undefined;
    const args = { validity: host.user.validity ?? DEFAULTS.host.validity, root };
    // A default of ours cannot be pointed at: it is the root's validity that was written.
    return [diagnostic('config-outlives-root', args, { path: written ? host.placeOf('validity') : 'ca.validity' })];
  });
}

/** A renewal that is due from the first day on would be made at every run. */
export function renewalsComeLater({ user, config, hosts }: Draft): Diagnostic[] {
  const late = hosts.flatMap((host) => {
    const { renewBefore, validity = DEFAULTS.host.validity } = host.user;
    if (!host.config || renewBefore === undefined || host.config.renewBefore < host.config.validity) return [];
    return [diagnostic('config-renew-before', { renewBefore, validity }, { path: host.placeOf('renewBefore') })];
  });
  const { renewBefore, validity = DEFAULTS.ca.validity } = user.ca ?? {};
  if (renewBefore === undefined || config.ca.renewBefore < config.ca.validity) return late;
  return [diagnostic('config-renew-before', { renewBefore, validity }, { path: 'ca.renewBefore' }), ...late];
}
