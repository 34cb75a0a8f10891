/** Beside the state of a project: where a server's own check finds copies of what it reads, for the time of the check. */
const PREFIX = 'check-';

export function checkFolderName(proxy: string): string {
  return PREFIX + proxy;
}

export function isCheckFolder(name: string): boolean {
  return name.startsWith(PREFIX);
}
