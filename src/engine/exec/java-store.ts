import { createHash } from 'node:crypto';
import { delimiter, dirname, join } from 'node:path';
import type { World } from '../../kernel/ports.ts';
import { execRecord } from '../../inventory/state.ts';
import { encodePem } from '../../pki/pem.ts';
import type { Unusable } from './bundle.ts';
import { inEnglish } from '../../trust/ask.ts';
import { putFile } from './put-file.ts';

/** The password of the store that comes with Java: no secret, and a store of certificates has none to keep. */
const PASSWORD = 'changeit';
const LIMIT = 16 * 1024 * 1024;
const TIMEOUT = 60_000;
const ALIAS = 'rcssl';

/**
 * A copy of Java's trust store with the root in it, made by keytool where it is not there yet or not from this store and
 * this root. `named`: the store that the user's options name. Undefined where there is no Java here.
 */
export async function javaStore(
  world: World,
  folder: string,
  root: Buffer,
  named: string | undefined,
  onMake: () => void,
): Promise<{ readonly path: string } | Unusable | undefined> {
  const home = javaHome(world);
  if (home === undefined) return undefined;
  const source =
    named ?? ['lib/security/cacerts', 'jre/lib/security/cacerts'].map((at) => join(home, at)).find(isThere(world));
  const bytes = source === undefined ? undefined : readStore(world, source);
  if (source === undefined || !bytes) return { why: `its trust store was not found in ${home}` };
  const name = named === undefined ? 'java' : `java-${hash(Buffer.from(named)).slice(0, 8)}`;
  const path = join(folder, name);
  const record = recordOf(world, path);
  const of = hash(bytes, root);
  const standing = readStore(world, path);
  if (record && standing && record.of === of && record.store === hash(standing)) return { path };
  onMake();
  const draft = join(folder, `${name}.${world.process.id}`);
  try {
    await putFile(world, draft, bytes);
    const said = await importRoot(world, home, draft, root);
    if (said !== undefined) return { why: `keytool could not add it to a copy of ${source}: ${said}` };
    const store = hash(readStore(world, draft) ?? Buffer.alloc(0));
    world.disk.rename(draft, path);
    const line = JSON.stringify({ of, store, named });
    await putFile(world, execRecord(world.machine().dataFolder, path), Buffer.from(line));
    return { path };
  } finally {
    world.disk.remove(draft);
  }
}

interface StoreRecord {
  /** The hash of what it was made of. */
  readonly of?: unknown;
  /** That of itself. */
  readonly store?: unknown;
  /** The user's own store, where it was made of that. */
  readonly named?: unknown;
}

/** In the user's data folder: a store that somebody sends along with a project is nobody's, and is made anew. */
function recordOf({ files, machine }: Pick<World, 'files' | 'machine'>, path: string): StoreRecord | undefined {
  try {
    const text = files.read(execRecord(machine().dataFolder, path), LIMIT)?.toString('utf8');
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The user's own store that one of an earlier call was made from; undefined where that was Java's. */
export function storeOrigin(world: Pick<World, 'files' | 'machine'>, store: string): string | undefined {
  const named = recordOf(world, store)?.named;
  return typeof named === 'string' ? named : undefined;
}

/** Why not; undefined where it has been added. */
async function importRoot(world: World, home: string, store: string, root: Buffer): Promise<string | undefined> {
  const keytool = join(home, 'bin', world.computer().system === 'windows' ? 'keytool.exe' : 'keytool');
  const options = ['-noprompt', '-alias', ALIAS, '-keystore', store, '-storepass', PASSWORD];
  try {
    const { code, stdout, stderr } = await world.exec.run([keytool, '-importcert', ...options], {
      cwd: dirname(store),
      timeout: TIMEOUT,
      input: encodePem('CERTIFICATE', root),
      // Its words for the user are not translated here either; our own variable would only make it talk.
      env: { LC_ALL: inEnglish(world.computer()), JAVA_TOOL_OPTIONS: '' },
    });
    if (code === 0) return undefined;
    return (
      /.*(?:error|exception).*/i.exec(`${stdout.toString('utf8')}${stderr.toString('utf8')}`)?.[0] ?? `exit ${code}`
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
}

/** JAVA_HOME, else the Java on the PATH with its links followed; undefined where there is none. */
function javaHome({ env, files, computer }: World): string | undefined {
  if (env['JAVA_HOME']) return env['JAVA_HOME'];
  const program = computer().system === 'windows' ? 'java.exe' : 'java';
  const found = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((each) => each !== '')
    .map((each) => join(each, program))
    .find(isThere({ files }));
  return found === undefined ? undefined : dirname(dirname(files.realPath(found)));
}

function isThere({ files }: Pick<World, 'files'>): (path: string) => boolean {
  return (path) => {
    try {
      return files.entry(files.realPath(path)) !== undefined;
    } catch {
      return false; // nobody can use it either
    }
  };
}

function readStore({ files }: World, path: string): Buffer | undefined {
  try {
    return files.read(files.realPath(path), LIMIT);
  } catch {
    return undefined;
  }
}

function hash(...parts: readonly Buffer[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest('hex');
}
