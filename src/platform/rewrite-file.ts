import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';

const windows = process.platform === 'win32';

/**
 * Puts the same content, with the same rights and owners, in the place of a regular file. Throws the system's error:
 * `ELOOP` for a link, `EPERM` where its owner or group cannot be kept; the file is as it was then.
 */
export function rewriteFile(file: string): void {
  const from = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  const aside = `${file}.rcssl-again`;
  try {
    const found = fstatSync(from);
    if (!found.isFile()) throw new Error('not a regular file');
    rmSync(aside, { force: true });
    const to = openSync(aside, 'wx', 0o600);
    try {
      writeFileSync(to, readFileSync(from));
      const made = fstatSync(to);
      if (!windows && (made.uid !== found.uid || made.gid !== found.gid)) fchownSync(to, found.uid, found.gid);
      // After the owner, which takes rights away.
      if (!windows) fchmodSync(to, found.mode & 0o7777);
    } finally {
      closeSync(to);
    }
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  } finally {
    closeSync(from);
  }
}
