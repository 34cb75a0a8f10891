import { dirname, extname, isAbsolute, join, relative, sep } from 'node:path';

/**
 * The git-ignore lines that keep secrets out of a repository, for a `.gitignore` in `folder`: one for each folder and ending of an
 * output that holds a key, and one for the state folder, whose archive holds replaced keys. By ending rather than by name, so that the
 * next host in the configuration is covered before anyone thinks of it; by name where an output that is no secret has that ending
 * too. What lies outside the folder is no concern of its `.gitignore`.
 */
export function ignorePatterns(
  folder: string,
  secretPaths: readonly string[],
  otherPaths: readonly string[],
): string[] {
  const kindOf = (path: string): string => join(dirname(path), extname(path));
  const shared = new Set(otherPaths.map(kindOf));
  const patterns = secretPaths.flatMap((path) => {
    const inside = relative(folder, path);
    if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) return [];
    const parts = inside.split(sep).map(escapePattern);
    const ending = extname(path);
    if (ending !== '' && !shared.has(kindOf(path))) parts.splice(-1, 1, `*${escapePattern(ending)}`);
    return [`/${parts.join('/')}`];
  });
  return [...new Set(patterns)].toSorted().concat('/.rcssl/');
}

/** gitignore(5), "PATTERN FORMAT": `*`, `?` and `[` match, `\` escapes, and a space at the end is dropped unless escaped. */
function escapePattern(text: string): string {
  return text.replace(/[\\*?[]/g, String.raw`\$&`).replace(/ $/, String.raw`\ `);
}

/** Those of the patterns that the text of a `.gitignore` does not have yet. */
export function missingPatterns(text: string, patterns: readonly string[]): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  // What a negated line takes back cannot be told from the lines alone, so then only the very same line counts.
  const negated = lines.some((line) => line.startsWith('!'));
  return patterns.filter(
    (pattern) => !lines.includes(pattern) && (negated || !lines.some((line) => covers(line, pattern))),
  );
}

/** The line says the same in another spelling, or ignores a folder that the pattern is in. */
function covers(line: string, pattern: string): boolean {
  const said = bare(line);
  const wanted = bare(pattern);
  if (said === '' || said.startsWith('#')) return false;
  if (wanted.startsWith(`${said}/`)) return true;
  // A line that ends in a slash matches folders alone; one without any other slash matches at every depth.
  if (line.endsWith('/') && !pattern.endsWith('/')) return false;
  return said === wanted || (!line.startsWith('/') && said === wanted.split('/').at(-1));
}

function bare(pattern: string): string {
  return pattern.replace(/^\//, '').replace(/\/$/, '');
}

/** What to append to a `.gitignore` of this text: its own line ends are kept, and an unfinished last line is finished. */
export function ignoreAddition(text: string, missing: readonly string[]): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const open = text !== '' && !text.endsWith('\n');
  const title = '# rcssl: private keys and its own state';
  return `${open ? end : ''}${text === '' ? '' : end}${[title, ...missing].join(end)}${end}`;
}
