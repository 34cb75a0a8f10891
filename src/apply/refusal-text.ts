/** Characters of what a program says. */
const SAID = 500;

/** Caddy's and HAProxy's lines that say how it goes, not what is wrong. */
const BY_THE_WAY = /^\s*(?:\{"level":"(?:info|warn)"|\S+ \S+\s(?:INFO|WARN)\s|\[(?:NOTICE|WARNING)\])/;

/**
 * What a check gives as its reason: the end of what it printed, on one line, without what would drive a terminal and
 * without the folder that it was run in.
 */
export function refusalText(printed: string, folder: string): string {
  const lines = printed.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => !BY_THE_WAY.test(line));
  const text = (telling.length > 0 ? telling : lines)
    .join(' ')
    .replaceAll(`${folder}/`, '')
    .replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim();
  return text.length > SAID ? `…${text.slice(-SAID)}` : text;
}
