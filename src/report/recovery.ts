import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ApplyResult } from '../engine/types.ts';
import { formatInstant } from '../kernel/instant.ts';

/** What became of applies that had been interrupted. */
export function recoveryNotes(recovered: ApplyResult['recovered']): Diagnostic[] {
  return recovered.map(({ path, at, outcome }) =>
    diagnostic('apply-recovered', { began: formatInstant(at), outcome }, { file: path }),
  );
}
