/** What a piece of text means; the signs say it too, so that colour only repeats it. */
export type Role = 'create' | 'change' | 'repair' | 'remove' | 'blocked' | 'good' | 'bad' | 'dim' | 'strong' | 'paper';

/** Colours a text without changing its visible width. */
export type Paint = (role: Role, text: string) => string;

/** How and for whom text is laid out. */
export interface View {
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
  /** The locale is UTF-8. */
  readonly unicode: boolean;
  /** Nothing is summarised. */
  readonly verbose: boolean;
  /** What a command to type next begins with: `rcssl`, or `npx rcssl` where that is how it was called. */
  readonly command: string;
  /** What it needs to mean this project: ` --config other.ts`, or nothing. */
  readonly project: string;
  /** What it needs to mean the same hosts and files: ` --only a.test --prune`, or nothing. */
  readonly selection: string;
}

export const plain: Paint = (_, text) => text;

/** SGR parameters, ECMA-48 8.3.117; green, yellow, cyan and red of the terminal's own palette. */
const CODES: Record<Role, readonly [on: number | string, off: number | string]> = {
  create: [32, 39],
  change: [33, 39],
  repair: [36, 39],
  remove: [31, 39],
  blocked: [31, 39],
  good: [32, 39],
  bad: [31, 39],
  dim: [2, 22],
  strong: [1, 22],
  // Black on white, whatever the terminal's own: a QR code is read by a camera.
  paper: ['30;107', '39;49'],
};

export const ansi: Paint = (role, text) => {
  const [on, off] = CODES[role];
  return text === '' ? '' : `\u001B[${on}m${text}\u001B[${off}m`;
};
