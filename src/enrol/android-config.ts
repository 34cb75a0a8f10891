import { join, resolve } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { openEnrolment } from '../engine/enrolment.ts';
import type { ProjectOptions } from '../engine/types.ts';
import type { World } from '../kernel/ports.ts';
import { readCertificates } from '../pki/certificate-read.ts';
import { encodePem } from '../pki/pem.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

const LIMIT = 64 * 1024;

/** Android: Network security configuration, "Configure CAs for debugging"; only debuggable builds read `debug-overrides`. */
const CONFIG = `<?xml version="1.0" encoding="utf-8"?>
<!-- Made by rcssl enrol android-config. In debuggable builds alone, the root of the development servers is trusted. -->
<network-security-config>
  <debug-overrides>
    <trust-anchors>
      <certificates src="@raw/rcssl_root" />
      <certificates src="user" />
    </trust-anchors>
  </debug-overrides>
</network-security-config>
`;

/** Below a folder of resources. Resource names: lower case, digits and underscores. */
const CONFIG_FILE = 'xml/network_security_config.xml';
const ROOT_FILE = 'raw/rcssl_root.pem';
/** Of Gradle's Android plugin, and of React Native and Flutter, which keep it in a folder. */
const MODULES = ['app', 'android/app'];

export interface AndroidConfigOptions extends ProjectOptions {
  /** The folder of resources, relative to `cwd`; undefined: of the debug builds of the Android project at `cwd`. */
  readonly out?: string;
}

export interface AndroidConfigResult {
  /** The root's. */
  readonly name: string;
  /** The folder of resources, absolute. */
  readonly out: string;
  readonly files: readonly { readonly path: string; readonly state: 'written' | 'kept' }[];
  /** Where the application is to name the configuration, absolute; undefined where only its owner knows. */
  readonly manifest: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Writes the network security configuration of an Android app's debug builds, with the root as a raw resource.
 * A file that is not what rcssl writes stays: throws `enrol-not-ours` before anything is written; `enrol-no-android-project`.
 */
export async function writeAndroidConfig(world: World, options: AndroidConfigOptions): Promise<AndroidConfigResult> {
  const { root, diagnostics } = await openEnrolment(world, options);
  const found = options.out === undefined ? androidModule(world, options.cwd) : undefined;
  const out = options.out === undefined ? join(found ?? '', 'src/debug/res') : resolve(options.cwd, options.out);
  const wanted = [
    file(world, join(out, CONFIG_FILE), Buffer.from(CONFIG), (bytes) => bytes.equals(Buffer.from(CONFIG))),
    file(world, join(out, ROOT_FILE), Buffer.from(encodePem('CERTIFICATE', root.der)), isRoot),
  ];
  for (const { path, bytes, state } of wanted) if (state === 'written') await write(world, path, bytes);
  const manifest = found && join(found, 'src/debug/AndroidManifest.xml');
  return { name: root.name, out, files: wanted.map(({ path, state }) => ({ path, state })), manifest, diagnostics };
}

/** Absolute. */
function androidModule({ files }: World, cwd: string): string {
  const module = MODULES.find((one) => files.entry(join(cwd, one, 'src/main'))?.kind === 'folder');
  return module === undefined ? fail('enrol-no-android-project', {}, { file: cwd }) : join(cwd, module);
}

/** An earlier root under our name may give way: one CA certificate as rcssl writes it, and nothing else. */
function isRoot(bytes: Buffer): boolean {
  try {
    const [first, ...more] = readCertificates(bytes);
    const isAlone =
      first !== undefined && more.length === 0 && bytes.toString() === encodePem('CERTIFICATE', first.der);
    return isAlone && first.facts.basicConstraints?.ca === true;
  } catch {
    return false;
  }
}

interface Wanted {
  readonly path: string;
  readonly bytes: Buffer;
  readonly state: 'written' | 'kept';
}

function file({ files }: World, path: string, bytes: Buffer, isOurs: (bytes: Buffer) => boolean): Wanted {
  const entry = files.entry(path);
  const before = entry?.kind === 'file' && entry.size <= LIMIT ? files.read(path, LIMIT) : undefined;
  if (before?.equals(bytes)) return { path, bytes, state: 'kept' };
  if (entry && !(before && isOurs(before))) fail('enrol-not-ours', {}, { file: path });
  return { path, bytes, state: 'written' };
}

/** Complete beside its place, then in it. */
async function write({ disk, process }: World, path: string, bytes: Buffer): Promise<void> {
  const staged = `${path}.${process.id}.new`;
  try {
    disk.makeFolder(resolve(path, '..'), 0o755);
    await disk.createFile(staged, { bytes, mode: 0o644, gid: undefined }, false);
    disk.rename(staged, path);
  } catch (error) {
    disk.remove(staged);
    if (!(error instanceof Error) || !('code' in error)) throw error;
    fail('write-failed', { why: String(error.code) }, { file: path }, { cause: error });
  }
}
