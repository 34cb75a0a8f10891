import { load, YAMLException } from 'js-yaml';
import { fail } from '../../diagnostics/diagnostic.ts';

/** YAML 1.2, and so JSON too. Throws `config-syntax` with the place; the text itself is not quoted, it may hold a secret. */
export function parseYaml(file: string, text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    if (/input is empty/.test(error.reason)) fail('config-empty', {}, { file });
    const place = error.mark ? { line: error.mark.line + 1, column: error.mark.column + 1 } : {};
    const why = /unidentified alias/.test(error.reason)
      ? "not YAML: a text that begins with * stands in quotes ('*.mydomain.com')"
      : `not YAML: ${withoutQuotes(error.reason)}`;
    return fail('config-syntax', { why }, { file, ...place });
  }
}

/** Reasons such as `duplicated mapping key "x"` or `unidentified alias "x"` name things: only their kind is passed on. */
function withoutQuotes(reason: string): string {
  return reason.replaceAll(/\s*(?:"[^"]*"|<[^>]*>|'[^']{2,}')/g, '').toLowerCase();
}
