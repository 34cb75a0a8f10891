import { fail } from '../../diagnostics/diagnostic.ts';
import { positionAt } from '../locate/position.ts';
import { jsonFault } from './json-fault.ts';

/** Throws `config-syntax` with the place. V8's own message is not passed on: it quotes the text, which may hold a secret. */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { offset, why } = jsonFault(text);
    return fail('config-syntax', { why }, { file, ...positionAt(text, offset) });
  }
}
