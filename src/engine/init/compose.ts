/** The little of a compose file that a first configuration wants. */
export interface ComposeService {
  readonly name: string;
  /** As written, `${VARIABLES}` included; empty where it is built and not pulled. */
  readonly image: string;
}

/**
 * The services of a compose file, in its order. It reads block style by indentation, which is how compose files are
 * written: a hint for a comment and a title is not worth a YAML parser at run time. Whatever it does not understand is left out.
 */
export function readCompose(text: string): ComposeService[] {
  const services: { name: string; image: string }[] = [];
  let inside = false;
  let depth: number | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(#|$)/.test(line)) continue;
    const indent = line.length - line.trimStart().length;
    if (indent === 0) {
      inside = /^services\s*:/.test(line);
      depth = undefined;
      continue;
    }
    if (!inside) continue;
    depth ??= indent;
    if (indent === depth) {
      const name = /^\s*(["']?)([\w.-]+)\1\s*:/.exec(line)?.[2];
      if (name !== undefined) services.push({ name, image: '' });
      continue;
    }
    const image = /^\s*image\s*:\s*(["']?)([^\s"'#]+)\1/.exec(line)?.[2];
    const last = services.at(-1);
    if (image !== undefined && last !== undefined && last.image === '') last.image = image;
  }
  return services;
}
