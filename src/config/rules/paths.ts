import { relative, sep } from 'node:path';
import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { formatMode } from '../../kernel/mode.ts';
import { foldedPath, isInside } from '../../kernel/path.ts';
import type { Draft, OutputDraft } from '../draft.ts';

export function shown({ config }: Draft, file: string): string {
  return (isInside(config.root, file) ? relative(config.root, file) || '.' : file).replaceAll('\\', '/');
}

/** Two artifacts on one path. Those of two hosts of one name are told by the name. */
export function pathsAreDistinct(draft: Draft): Diagnostic[] {
  const seen = new Map<string, OutputDraft>();
  const told = new Set<string>();
  return draft.outputs.flatMap((output) => {
    const other = seen.get(output.folded);
    if (!other) {
      seen.set(output.folded, output);
      return [];
    }
    const pair = `${output.path} ${other.path}`;
    const sameHost = output.owner === other.owner && output.host !== other.host;
    if (sameHost || told.has(pair)) return [];
    told.add(pair);
    const byCase = output.file !== other.file;
    const args = { path: shown(draft, output.file), other: other.path, byCase };
    return [diagnostic('config-same-path', args, { path: output.path })];
  });
}

/** A file where another output needs a folder. */
export function pathsDoNotNest(draft: Draft): Diagnostic[] {
  const files = new Map(draft.outputs.map((output) => [output.folded, output]));
  const free = new Set<string>();
  return draft.outputs.flatMap((output) => {
    for (let end = output.folded.lastIndexOf(sep); end > 0; end = output.folded.lastIndexOf(sep, end - 1)) {
      const folder = output.folded.slice(0, end);
      if (free.has(folder)) return [];
      const taken = files.get(folder);
      if (taken) {
        const args = { path: shown(draft, output.file), other: output.path };
        return [diagnostic('config-path-in-path', args, { path: taken.path })];
      }
    }
    for (let end = output.folded.lastIndexOf(sep); end > 0; end = output.folded.lastIndexOf(sep, end - 1)) {
      free.add(output.folded.slice(0, end));
    }
    return [];
  });
}

/** The configuration itself, and the folders that git and rcssl keep their own things in. */
export function pathsAreFree(draft: Draft): Diagnostic[] {
  const { config, outputs, project } = draft;
  const own = foldedPath(config.file);
  const folders = [
    [foldedPath(`${config.root}${sep}.rcssl`), "rcssl's own"],
    [foldedPath(`${project}${sep}.git`), "git's own"],
  ] as const;
  return outputs.flatMap(({ path, file, folded }) => {
    const folder = folders.find(([taken]) => isInside(taken, folded));
    const what = folded === own ? 'the configuration' : folder?.[1];
    return what === undefined ? [] : [diagnostic('config-path-reserved', { path: shown(draft, file), what }, { path })];
  });
}

/** A shell reads `~` as the home folder; here it would be a folder of that name. */
export function pathsAreSpelledOut({ user, outputs }: Draft): Diagnostic[] {
  const outDir = typeof user.outDir === 'object' ? user.outDir.path : user.outDir;
  const written = outputs.map(({ path, user: output }) => ({
    path,
    text: typeof output === 'object' ? output.path : output,
  }));
  return [{ path: 'outDir', text: outDir }, ...written]
    .filter(({ text }) => text !== undefined && /^~(?:[/\\]|$)/.test(text))
    .map(({ path, text }) => diagnostic('config-path-home', { path: text ?? '' }, { path }));
}

/** A key that every user of the machine may read protects nobody. */
export function keysAreClosed({ config, hosts }: Draft): Diagnostic[] {
  const keys = [
    { path: 'ca.output.key.mode', mode: config.ca.output.key?.mode },
    ...hosts.map((host) => ({ path: `${host.path}.output.key.mode`, mode: host.config?.output.key.mode })),
    ...hosts.map((host) => ({ path: `${host.path}.output.combined.mode`, mode: host.config?.output.combined?.mode })),
    ...hosts.map((host) => ({ path: `${host.path}.output.pfx.mode`, mode: host.config?.output.pfx?.mode })),
  ];
  return keys.flatMap(({ path, mode }) =>
    mode !== undefined && (mode & 0o007) !== 0
      ? [diagnostic('config-key-mode', { mode: formatMode(mode) }, { path })]
      : [],
  );
}

/** Outside of the project rcssl writes only with leave: `outside: true` at the output, or at outDir for what lies in it. */
export function pathsStayInProject(draft: Draft): Diagnostic[] {
  const { user, config, outputs, project } = draft;
  const problem = (written: string, path: string): Diagnostic =>
    diagnostic('config-path-outside', { path: written, project }, { path });
  const outDir = typeof user.outDir === 'object' ? user.outDir : { path: user.outDir ?? '', outside: false };
  const strays = outputs.flatMap((output) => {
    // What was not written lies in outDir, which is told by itself, or beside the root's key.
    if (output.user === undefined || isInside(project, output.file)) return [];
    const written = typeof output.user === 'object' ? output.user : { path: output.user, outside: false };
    const leave = written.outside === true || (outDir.outside === true && isInside(config.outDir.path, output.file));
    return leave ? [] : [problem(written.path, output.path)];
  });
  const allowed = outDir.outside === true || isInside(project, config.outDir.path);
  return allowed ? strays : [problem(outDir.path, 'outDir'), ...strays];
}
