export type Yaml = string | number | boolean | readonly Yaml[] | { readonly [key: string]: Yaml | undefined };

/** YAML 1.2 in its block form; every text but the plainest is quoted as in JSON. */
export function yamlLines(value: Yaml, depth = 0): string[] {
  const indent = '  '.repeat(depth);
  if (isList(value)) {
    return value.flatMap((item) => {
      const [first = '', ...rest] = yamlLines(item, depth + 1);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  }
  if (typeof value !== 'object') return [indent + scalar(value)];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (inner === undefined) return [];
    const head = `${indent}${scalar(key)}:`;
    if (typeof inner !== 'object') return [`${head} ${scalar(inner)}`];
    const lines = yamlLines(inner, depth + 1);
    return lines.length === 0 ? [`${head} ${isList(inner) ? '[]' : '{}'}`] : [head, ...lines];
  });
}

function isList(value: Yaml): value is readonly Yaml[] {
  return Array.isArray(value);
}

function scalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  if (/^[A-Za-z][\w./-]*$/.test(value) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value)) return value;
  // What JSON leaves as it is and YAML does not take.
  return JSON.stringify(value).replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
