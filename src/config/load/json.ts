import { fail } from '../../diagnostics/diagnostic.ts';
import { positionAt } from '../locate/position.ts';
import { jsonFault } from './json-fault.ts';

/** Throws `config-syntax` with the place. V8's own message is not passed on: it quotes the text, which may hold a secret. */
export function refuseJson(file: string, text: string): never {
  const { offset, why } = jsonFault(text);
  return fail('config-syntax', { why }, { file, ...positionAt(text, offset) });
}
