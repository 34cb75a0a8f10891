import type { Case } from './case.ts';
import { worst, type Finding, type Verdict } from './check.ts';
import type { CheckId } from './ids.ts';
import { CHECKS } from './registry.ts';

/** What came of a check. `waits`: the check that has to be mended before this one can say anything. */
export interface CheckResult {
  readonly id: CheckId;
  readonly verdict: Verdict | 'not-looked';
  readonly findings: readonly Finding[];
  readonly waits: CheckId | undefined;
}

/** Looks at these things in their order. Those whose ground is missing are not looked at, and say what to mend first. */
export async function runChecks(patient: Case, ids: readonly CheckId[]): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const id of ids) {
    patient.signal?.throwIfAborted();
    const waits = CHECKS[id].after.map((other) => hindrance(results, other)).find((other) => other !== undefined);
    const findings = waits === undefined ? await CHECKS[id].look(patient) : [];
    results.push({ id, findings, waits, verdict: waits === undefined ? worst(findings) : 'not-looked' });
  }
  return results;
}

/** The check itself where it is bad, or what it waits for. */
function hindrance(results: readonly CheckResult[], id: CheckId): CheckId | undefined {
  const result = results.find((each) => each.id === id);
  return result?.verdict === 'bad' ? id : result?.waits;
}
