import type { GuideId } from './guides.ts';
import type { Drawing } from './drawings.ts';

/**
 * What the page says: a language is an object of this shape and nothing else. `*word*` is what stands on the screen of the
 * device, `` `word` `` is typed; `{root}` is the root's name, `{file}` that of the download.
 */
export interface Texts {
  /** BCP 47. */
  readonly language: string;
  readonly title: string;
  readonly intro: string;
  readonly fingerprint: { readonly title: string; readonly text: string };
  readonly check: {
    readonly title: string;
    readonly text: string;
    readonly button: string;
    readonly running: string;
    readonly passed: string;
    readonly refused: string;
    /** `{port}` */
    readonly unreached: string;
    /** Before and within the link; `{url}`. */
    readonly byHand: string;
    /** `{names}`, `{declare}` */
    readonly undeclared: string;
    readonly undeclaredThen: string;
    /** `{host}` */
    readonly unmade: string;
    /** What a browser shows that opens the check itself. */
    readonly opened: string;
  };
  readonly undo: string;
  readonly others: string;
  readonly otherFiles: string;
  readonly footer: string;
  readonly profile: { readonly description: string };
  /** Instead of the other steps, where only Safari can. */
  readonly onlySafari: string;
  readonly guides: Readonly<Record<GuideId, GuideText>>;
}

export interface StepText {
  readonly text: string;
  readonly drawing?: Drawing;
}

export interface GuideText {
  readonly name: string;
  readonly button: string;
  /** The first one is beside the button. */
  readonly steps: readonly [StepText, ...StepText[]];
  /** To be typed, instead of the steps or beside them. */
  readonly typed?: {
    readonly title: string;
    readonly lines: readonly { readonly text?: string; readonly command: string }[];
  };
  readonly note?: string;
  /** What is missing where a check had connected and failed. */
  readonly refused: string;
  readonly undo: string;
}

const ENTITY = /\{(\w+)\}/g;

/** Puts values in; a word that has none stays as it is. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(ENTITY, (whole, word: string) => (Object.hasOwn(values, word) ? (values[word] ?? '') : whole));
}
