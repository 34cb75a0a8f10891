/** More lines than this are not compared one by one: all go, all come. */
const MANY = 2000;

/** What a text loses (`-`) and gains (`+`), a line each, in its order. */
export function lineDiff(from: string, to: string): string[] {
  const old = withoutKeys(from.split('\n'));
  const wanted = to.split('\n');
  let start = 0;
  while (start < old.length && start < wanted.length && old[start] === wanted[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < wanted.length - start && old.at(-1 - end) === wanted.at(-1 - end)) end += 1;
  return middle(old.slice(start, old.length - end), wanted.slice(start, wanted.length - end));
}

/** By the longest common subsequence. */
function middle(old: readonly string[], wanted: readonly string[]): string[] {
  if (old.length > MANY || wanted.length > MANY)
    return [...old.map((line) => `-${line}`), ...wanted.map((line) => `+${line}`)];
  const width = wanted.length + 1;
  const longest = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = wanted.length - 1; j >= 0; j--) {
      longest[i * width + j] = old[i] === wanted[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const diff: string[] = [];
  for (let i = 0, j = 0; i < old.length || j < wanted.length;) {
    if (i < old.length && j < wanted.length && old[i] === wanted[j]) {
      i += 1;
      j += 1;
    } else if (j >= wanted.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) diff.push(`-${old[i++]}`);
    else diff.push(`+${wanted[j++]}`);
  }
  return diff;
}

/** Whatever somebody pasted into a text of ours: a private key is shown to nobody. */
function withoutKeys(lines: readonly string[]): string[] {
  let inKey = false;
  return lines.map((line) => {
    if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line)) inKey = true;
    const shown = inKey ? '(a line of a private key)' : line;
    if (line.includes('-----END ')) inKey = false;
    return shown;
  });
}
