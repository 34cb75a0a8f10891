import { accessSync, constants, statSync } from 'node:fs';
import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';

const LIMIT = 1024 * 1024;

/** Why a configuration cannot be read from what stands at a path, found without opening it: opening a FIFO would wait for ever. */
export function obstacle(file: string): Diagnostic | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (!stats) return diagnostic('config-file-missing', {}, { file });
    if (stats.isDirectory()) return diagnostic('config-not-a-file', { what: 'a folder' }, { file });
    if (!stats.isFile()) return diagnostic('config-not-a-file', { what: 'a FIFO, socket or device' }, { file });
    if (stats.size > LIMIT) return diagnostic('config-too-big', { limit: '1 MB' }, { file });
    accessSync(file, constants.R_OK);
    return undefined;
  } catch (error) {
    return diagnostic('config-unreadable', { why: codeOf(error) }, { file });
  }
}

export function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // ENOTDIR, EACCES of a folder above: nothing that could be read
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
