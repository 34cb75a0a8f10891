import { planUntrustRoots, untrustRoots } from '../../engine/trust/trust.ts';
import type { Call } from '../call.ts';
import { changeTrust } from '../trust.ts';

/** `rcssl untrust`. */
export function run(call: Call): Promise<number> {
  return changeTrust(call, 'untrust', { plan: planUntrustRoots, change: untrustRoots });
}
