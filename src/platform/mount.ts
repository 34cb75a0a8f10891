import { statfsSync } from 'node:fs';

/** Magic numbers of statfs(2), of file systems whose changes may be made by another machine. */
const REMOTE: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff534d42: 'SMB',
  0xfe534d42: 'SMB',
  0x01021997: '9p', // WSL 2 shows the disks of Windows by it
  0x786f4256: 'a VirtualBox share',
  0x65735546: 'FUSE', // sshfs, Docker Desktop
};

/** What a folder lies on, where the system may not tell of changes; undefined where it does, or cannot be asked. */
export function networkFileSystem(folder: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return REMOTE[statfsSync(folder).type >>> 0];
  } catch {
    return undefined;
  }
}
