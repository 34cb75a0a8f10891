import type { World } from '../kernel/ports.ts';

/** What stores need of the world. Only the runner changes anything in it. */
export type TrustPorts = Pick<World, 'files' | 'exec' | 'env' | 'computer' | 'machine' | 'systemRoots'>;

/** A root as stores know it. */
export interface TrustRoot {
  /** SHA-256 of the DER, lower-case hex: what it is told by everywhere, since another root may have the same name. */
  readonly fingerprint: string;
  /** SHA-1 of the DER, upper-case hex: Windows' and Apple's tools want it. It only points, and proves nothing. */
  readonly sha1: string;
  /** Its common name, for people. */
  readonly name: string;
  /** `rcssl-` and the first twelve digits of the fingerprint: no spaces and no colons, which certutil loses. */
  readonly id: string;
  readonly der: Buffer;
  /** As PEM, with nothing around it. */
  readonly pem: string;
  /** The file that commands are given, written before they run; in the user's data folder. Absolute. */
  readonly file: string;
}

/** What a change asks of the user: nothing, the rights of root, or an answer in a window of the system. */
export type Needs = 'nothing' | 'root' | 'dialog';

/** One thing to do, as data. The runner does it; screens and scripts print it. */
export type Step =
  | {
      readonly do: 'run';
      readonly argv: readonly string[];
      readonly needs: Needs;
      readonly input?: string;
      /** Exit codes beside 0 after which all is well. */
      readonly fine?: readonly number[];
    }
  /** Replaces the file in one go. */
  | { readonly do: 'write'; readonly path: string; readonly text: string; readonly mode: number }
  | { readonly do: 'remove'; readonly path: string };

/** A database or folder of a store; Firefox has one a profile. */
export interface Place {
  /** Tells it from the store's others, now and later: a path, a keychain. */
  readonly at: string;
  readonly needs: Needs;
  /** The program that changes it: a name that is on PATH, or a path. */
  readonly tool?: string;
  /** It is made from the system's store, by that store's own commands. */
  readonly fed?: true;
  /** The folder is not there yet. */
  readonly made?: true;
  /** Debian's Java store, which is made from the system's and keeps what the system gives up. */
  readonly javaStore?: { readonly path: string; readonly keytool: string };
  /** What the file holds now; and what the user's own copy of it holds, from before rcssl changed it. */
  readonly text?: string;
  readonly before?: string;
  /** In WSL: the user's folder, and what Windows calls it. */
  readonly home?: string;
  readonly windowsHome?: string;
  /** The system's own roots, as PEM. */
  readonly systemRoots?: string;
}

/** What there is of a store on this computer. */
export type Found = { readonly places: readonly [Place, ...Place[]] } | { readonly skip: Absence };

/** Why a store has no place here, as a fact; `report` has the words. `elsewhere`: it belongs to another system. */
export type Absence =
  | { readonly code: 'elsewhere' }
  | { readonly code: 'not-found'; readonly what: 'chromium' | 'firefox' | 'java' | 'system' }
  | { readonly code: 'tool-missing'; readonly tool: string; readonly fix: string }
  | { readonly code: 'takes-system' }
  | { readonly code: 'not-json'; readonly path: string }
  | { readonly code: 'interop-off' }
  | { readonly code: 'nixos' };

/** How a root stands in a place. */
export interface Standing {
  readonly trusted: boolean;
  /** What the place calls it, where it has it at all, trusted or not. */
  readonly name?: string;
}

/** One kind of trust store. `install` and `remove` are pure: the same place, root and standing give the same steps. */
export interface TrustStore {
  /** What people call it. */
  readonly title: string;
  /** `named`: only where somebody names it; `user`: also where nothing may need root. */
  readonly chosen: 'always' | 'named' | 'user';
  /** Where it is here; `known`: places where it once was. Reads only. Throws `StoreFault`. */
  detect(ports: TrustPorts, known?: readonly string[]): Promise<Found>;
  /** Whether the place trusts the root now, asked of the place itself. Reads only. Throws `StoreFault`. */
  isTrusted(ports: TrustPorts, place: Place, root: TrustRoot): Promise<Standing>;
  install(place: Place, root: TrustRoot, standing: Standing): readonly Step[];
  /** Takes out what `install` puts in, and nothing else. */
  remove(place: Place, root: TrustRoot, standing: Standing): readonly Step[];
}

/** A command could not be started or did not do what it was for; `output` is the end of what it said. */
export class StoreFault extends Error {
  readonly argv: readonly string[];
  readonly output: string;

  constructor(argv: readonly string[], output: string) {
    super(`${argv.join(' ')}: ${output}`);
    this.name = 'StoreFault';
    this.argv = argv;
    this.output = output;
  }
}
