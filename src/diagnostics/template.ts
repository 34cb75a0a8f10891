/** `error` stops the command, `warning` does not (but `check` counts it), `note` only tells. */
export type Severity = 'error' | 'warning' | 'note';

/** How one code reads: lower case, no full stop; the hint names the flag or gives the exact command. */
export interface Template<A> {
  readonly severity: Severity;
  readonly text: (args: A) => string;
  readonly hint?: (args: A) => string | undefined;
}

/** Only for its types: infers the arguments of a template. */
export function template<A>(
  severity: Severity,
  text: (args: A) => string,
  hint?: (args: A) => string | undefined,
): Template<A> {
  return hint ? { severity, text, hint } : { severity, text };
}
