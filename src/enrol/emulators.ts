import { createHash } from 'node:crypto';
import type { CertificateFacts } from '../pki/facts.ts';

/** A simulated phone on this computer. */
export type Emulator = 'android' | 'ios';

export interface EmulatorPlan {
  readonly emulator: Emulator;
  /** In this order; the first that fails ends it. */
  readonly commands: readonly (readonly string[])[];
  /** Where the first command says this, the image does not let anybody write to its store, and these come instead. */
  readonly instead?: {
    readonly says: string;
    readonly commands: readonly (readonly string[])[];
    /** What is left to do by hand. */
    readonly byHand: string;
    readonly undo: string;
  };
  /** How it goes back. */
  readonly undo: string;
}

/** OpenSSL's `-subject_hash_old`, after which Android names its roots: the first four octets of the MD5 of the subject, little-endian. */
export function subjectHashOld({ subjectDer }: Pick<CertificateFacts, 'subjectDer'>): string {
  const digest = createHash('md5').update(Buffer.from(subjectDer, 'hex')).digest();
  return digest.readUInt32LE(0).toString(16).padStart(8, '0');
}

const STORE = '/system/etc/security/cacerts';
/** Since Android 14, with updates since 13. */
const APEX = '/apex/com.android.conscrypt/cacerts';

/**
 * A store in memory over the one of the image, with its roots and ours, seen by every app that starts: nothing of the image is
 * changed, and a restart takes it away. By the way of Tim Perry, "Installing a system CA on Android 14" (HTTP Toolkit, 2023).
 */
function androidScript(file: string): string {
  return [
    'set -e',
    'copy=/data/local/tmp/rcssl-cacerts',
    'rm -rf $copy && mkdir -m 700 $copy',
    `if [ -d ${APEX} ]; then cp ${APEX}/* $copy/; else cp ${STORE}/* $copy/; fi`,
    `cp ${file} $copy/`,
    `mount -t tmpfs tmpfs ${STORE}`,
    `mv $copy/* ${STORE}/ && rm -rf $copy`,
    `chown root:root ${STORE}/* && chmod 644 ${STORE}/* && chcon u:object_r:system_file:s0 ${STORE}/*`,
    `if [ -d ${APEX} ]; then for zygote in $(pidof zygote zygote64); do for process in $zygote $(ps -o PID= -P $zygote); do nsenter --mount=/proc/$process/ns/mnt -- /bin/mount --bind ${STORE} ${APEX} || true; done; done; fi`,
  ].join('; ');
}

/** What makes a running Android emulator trust the root. `path`: of its certificate as PEM. */
function androidPlan(path: string, facts: CertificateFacts): EmulatorPlan {
  const file = `/data/local/tmp/${subjectHashOld(facts)}.0`;
  const download = '/sdcard/Download/rcssl-root.crt';
  return {
    emulator: 'android',
    commands: [
      ['adb', 'root'],
      ['adb', 'wait-for-device'],
      ['adb', 'push', path, file],
      ['adb', 'shell', androidScript(file)],
    ],
    instead: {
      says: 'cannot run as root in production builds',
      commands: [
        ['adb', 'push', path, download],
        ['adb', 'shell', 'am', 'start', '-a', 'android.settings.SECURITY_SETTINGS'],
      ],
      byHand:
        'this image has Google Play, and nobody may write to its store: in the emulator, Encryption & credentials, Install a certificate, CA certificate, rcssl-root.crt',
      undo: 'in the emulator, User credentials, the root, Uninstall',
    },
    undo: 'adb reboot',
  };
}

/** What makes the booted iOS simulators trust the root. */
function iosPlan(path: string): EmulatorPlan {
  return {
    emulator: 'ios',
    commands: [['xcrun', 'simctl', 'keychain', 'booted', 'add-root-cert', path]],
    undo: 'xcrun simctl keychain booted reset (it forgets every certificate that was added)',
  };
}

export function emulatorPlan(emulator: Emulator, path: string, facts: CertificateFacts): EmulatorPlan {
  return emulator === 'android' ? androidPlan(path, facts) : iosPlan(path);
}
