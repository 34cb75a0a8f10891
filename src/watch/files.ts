import { dirname } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import type { Files } from '../kernel/ports.ts';
import { realPlace } from './baseline.ts';
import type { Followed, Source, Tell } from './source.ts';
import { alarm, type Time } from './time.ts';

export interface FileSourceOptions {
  readonly files: Files;
  readonly time: Time;
  /** Looks at each file again and again: for network mounts and containers whose system tells of nothing. */
  readonly poll: boolean;
}

const POLL_EVERY = 500;

/**
 * Stirs whenever something may have happened to a followed file. What has is for whoever compares: the system tells of
 * one save in many ways, of own writes as of others', and of some changes (a mode) only in its own words.
 */
export function fileSource({ files, time, poll }: FileSourceOptions): Source {
  return poll ? pollingSource(time) : listeningSource(files);
}

/** Who compares does all of it; to do the same here would only take the time twice. */
function pollingSource(time: Time): Source {
  const next = alarm(time);
  return {
    start(tell) {
      const look = (): void => {
        tell({ kind: 'stir' });
        next.set(POLL_EVERY, look);
      };
      look();
    },
    stop: () => next.clear(),
  };
}

function listeningSource(files: Files): Source {
  let watcher: FSWatcher | undefined;
  let followed = new Set<string>();
  // Chokidar follows a folder with all that is in it once it appears: only what leads to a followed file is wanted.
  let wanted = new Set<string>();
  return {
    start(tell) {
      watcher = watch([], {
        ignored: (path) => !wanted.has(path),
        ignoreInitial: true,
        ignorePermissionErrors: true,
        atomic: false,
      });
      listen(watcher, tell, (path) => wanted.has(path));
    },
    follow({ paths }: Followed) {
      const now = new Set(paths.flatMap((path) => [path, realPlace(files, path), files.realPath(path)]));
      const gone = [...followed].filter((path) => !now.has(path));
      const come = [...now].filter((path) => !followed.has(path));
      followed = now;
      wanted = withFolders(now);
      if (gone.length > 0) watcher?.unwatch(gone);
      if (come.length > 0) watcher?.add(come);
    },
    stop: () => watcher?.close(),
  };
}

function listen(watcher: FSWatcher, tell: Tell, isWanted: (path: string) => boolean): void {
  const stir = (): void => tell({ kind: 'stir' });
  watcher.on('all', stir);
  // A changed mode is told by nothing else.
  watcher.on('raw', (_event, path, details) => {
    const { watchedPath = '' } = details as { readonly watchedPath?: string };
    if (isWanted(watchedPath) || isWanted(path ?? '')) stir();
  });
  watcher.on('error', (error) => {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    tell({ kind: 'trouble', why });
  });
}

function withFolders(paths: ReadonlySet<string>): Set<string> {
  const all = new Set(paths);
  for (const path of paths) {
    for (let folder = dirname(path); !all.has(folder); folder = dirname(folder)) all.add(folder);
  }
  return all;
}
