/** RFC 8259: blank space, then a sign, a string, a number or a word. */
const TOKEN =
  /[ \t\r\n]*([[\]{}:,]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b)/y;

type Want = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or ]' | ', or }' | 'end';

/** Where a text stops to be JSON, and what is wanted there. Only for texts that `JSON.parse` has refused. */
export function jsonFault(text: string): { offset: number; why: string } {
  const open: ('{' | '[')[] = [];
  let want: Want = 'value';
  const after = (): Want => ({ '{': ', or }', '[': ', or ]', none: 'end' } as const)[open.at(-1) ?? 'none'];
  for (let at = 0; ;) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[1];
    const start =
      token === undefined ? at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0) : TOKEN.lastIndex - token.length;
    const next: Want | undefined = token === undefined ? undefined : step(want, token, open, after);
    if (next === undefined) return { offset: start, why: explain(want, text, start) };
    want = next;
    at = TOKEN.lastIndex;
  }
}

/** What is wanted after the token; undefined where the token itself is not. */
function step(want: Want, token: string, open: ('{' | '[')[], after: () => Want): Want | undefined {
  const closes = { '}': ['key or }', ', or }'], ']': ['value or ]', ', or ]'] }[token];
  if (closes) {
    if (!closes.includes(want)) return undefined;
    open.pop();
    return after();
  }
  switch (want) {
    case 'value':
    case 'value or ]':
      if (token === ':' || token === ',') return undefined;
      if (token !== '{' && token !== '[') return after();
      open.push(token);
      return token === '{' ? 'key or }' : 'value or ]';
    case 'key':
    case 'key or }':
      return token.startsWith('"') ? ':' : undefined;
    case ':':
      return token === ':' ? 'value' : undefined;
    case ', or ]':
    case ', or }':
      if (token !== ',') return undefined;
      return want === ', or }' ? 'key' : 'value';
    case 'end':
      return undefined;
  }
}

function explain(want: Want, text: string, offset: number): string {
  const sign = text[offset];
  if (sign === undefined) return `not JSON: the text ends where ${want} is wanted`;
  if (want === 'end') return 'not JSON: something follows the end';
  if (sign === '/' || sign === '#') return 'not JSON: JSON has no comments';
  if (sign === "'") return 'not JSON: texts stand in double quotes';
  if (/[\]}]/.test(sign) && text.slice(0, offset).trimEnd().endsWith(','))
    return 'not JSON: there is a comma before it';
  // A text where one may stand, and yet no token.
  if (sign === '"' && /^(?:value|key)/.test(want))
    return 'not JSON: this text does not end, or has an escape unknown to JSON';
  return `not JSON: ${want} is wanted here`;
}
