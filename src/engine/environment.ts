import { dirname, join } from 'node:path';
import { diagnostic, fail, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { execFolder, projectState } from '../inventory/state.ts';
import { isInside } from '../kernel/path.ts';
import type { World } from '../kernel/ports.ts';
import { readCertificates } from '../pki/certificate-read.ts';
import { PkiError } from '../pki/pki-error.ts';
import { systemBundle } from '../trust/system-bundle.ts';
import { refuseLinks } from './alone.ts';
import { bundleOf, bundleWith, originOf, SYSTEM, type Unusable } from './exec/bundle.ts';
import { javaStore, storeOrigin } from './exec/java-store.ts';
import { trustStoreIn, withTrustStore } from './exec/java-options.ts';
import { putFile } from './exec/put-file.ts';
import { JAVA_VARIABLE, TRUST_VARIABLES, type TrustVariable, type TrustVariableName } from './exec/variables.ts';
import { openProject } from './project.ts';
import { systemError } from './system-errors.ts';
import type { ProjectOptions } from './types.ts';

export interface EnvironmentOptions extends ProjectOptions {
  /** Told where a trust store for Java is being made, which takes a second. */
  readonly onMake?: () => void;
}

/** What makes programs trust the root. */
export interface TrustEnvironment {
  readonly config: string;
  readonly root: string;
  /** To be added to a process's own, in the order of the table. */
  readonly variables: Readonly<Record<string, string>>;
  /** What is not covered, and why: warnings, and notes for those who ask. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The variables by which programs trust the root of the project, and nothing is changed in the system.
 *
 *     root, system's roots, files that the user's variables name → bundles in .rcssl/exec/ → variables
 *
 * Bundles are refreshed whenever what they are made from has changed; their names stay, so that a program that runs
 * sees the new one too. Throws `exec-no-root` and `system-refuses`.
 */
export async function trustEnvironment(world: World, options: EnvironmentOptions): Promise<TrustEnvironment> {
  const project = await openProject(world, options);
  const { config, desired } = project;
  const folder = execFolder(projectState(desired).project);
  refuseLinks(world, [dirname(folder), folder]);
  const place: Place = { world, folder, root: rootOf(world, desired.ca), made: new Map() };
  const variables: Record<string, string> = {};
  const diagnostics: Diagnostic[] = [];
  const bare: string[] = [];
  for (const [name, variable] of Object.entries(TRUST_VARIABLES) as [TrustVariableName, TrustVariable][]) {
    const made = await fileFor(place, name, variable);
    if (made === undefined) bare.push(name);
    else if ('why' in made) diagnostics.push(diagnostic('exec-bundle-unreadable', { name, ...made }));
    else variables[name] = made.path;
  }
  if (bare.length > 0) diagnostics.push(diagnostic('exec-no-system-roots', { names: bare }));
  const java = await javaOptions(place, options.onMake ?? (() => undefined));
  if (typeof java === 'string') variables[JAVA_VARIABLE] = java;
  else if (java) diagnostics.push(diagnostic('exec-java', java));
  return { config: config.file, root: config.root, variables, diagnostics: [...project.diagnostics, ...diagnostics] };
}

interface Place {
  readonly world: World;
  /** Where the bundles go. */
  readonly folder: string;
  /** The root's certificate: its file and its DER. */
  readonly root: { readonly path: string; readonly der: Buffer };
  /** Bundles that this call has made, by what they are made from. */
  readonly made: Map<string, string | Unusable | undefined>;
}

function rootOf({ files }: World, ca: { readonly name: string; readonly certificate: { readonly path: string } }) {
  const { path } = ca.certificate;
  try {
    const bytes = files.read(path, 1024 * 1024) ?? fail('exec-no-root', { name: ca.name });
    return { path, der: readCertificates(bytes)[0]?.der ?? fail('certificate-unreadable', {}, { file: path }) };
  } catch (error) {
    if (error instanceof PkiError) return fail('certificate-unreadable', {}, { file: path }, { cause: error });
    return systemError(error);
  }
}

/** The file that a variable is to name; undefined where it would take the system's roots away. */
async function fileFor(
  place: Place,
  name: string,
  { kind, else: others = [] }: TrustVariable,
): Promise<{ readonly path: string } | (Unusable & { readonly path: string }) | undefined> {
  const { world, folder, root } = place;
  const set = [name, ...others].map((each) => world.env[each]).find(Boolean);
  const origin = set === undefined || set === root.path ? undefined : originOf(world.files, folder, set).path;
  if (origin === undefined && kind === 'adds') return { path: root.path };
  const key = origin ?? SYSTEM;
  if (!place.made.has(key)) place.made.set(key, await makeBundle(place, origin));
  const made = place.made.get(key);
  if (made === undefined || typeof made === 'string') return made === undefined ? undefined : { path: made };
  return { path: key, why: made.why };
}

async function makeBundle({ world, folder, root }: Place, origin: string | undefined) {
  if (origin !== undefined) {
    const bundle = bundleOf(world.files, folder, origin, root.der);
    if ('why' in bundle) return bundle;
    await putFile(world, bundle.path, Buffer.from(bundle.text, 'latin1'));
    return bundle.path;
  }
  const { pem } = await systemBundle(world).catch(systemError);
  if (pem === '') return undefined;
  const path = join(folder, 'system.pem');
  await putFile(world, path, Buffer.from(bundleWith(root.der, pem, SYSTEM), 'latin1'));
  return path;
}

/** Java takes no file of PEM: it gets a trust store of its own, by an option beside the user's. */
async function javaOptions({ world, folder, root }: Place, onMake: () => void): Promise<string | Unusable | undefined> {
  const options = world.env[JAVA_VARIABLE];
  const isOurs = (path: string): boolean => isInside(folder, path);
  const named = trustStoreIn(options);
  const own = named !== undefined && isOurs(named) ? storeOrigin(world, named) : named;
  const store = await javaStore(world, folder, root.der, own, onMake);
  if (!store || 'why' in store) return store;
  return withTrustStore(options, store.path, isOurs) ?? { why: `its options cannot name ${store.path}` };
}
