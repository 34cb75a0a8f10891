import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Draft } from '../draft.ts';

/** Something that has to fit together; pure. The file is added to the places afterwards. */
export type Rule = (draft: Draft) => Diagnostic[];
