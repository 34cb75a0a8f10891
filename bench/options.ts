import { parseArgs } from 'node:util';

export const SECTIONS = ['noop', 'hosts', 'issue', 'watch'] as const;
export type SectionName = (typeof SECTIONS)[number];

export interface Options {
  readonly rounds: number;
  readonly sections: readonly SectionName[];
  readonly json: boolean;
}

/** `--rounds N`, `--only noop|hosts|issue|watch` (repeatable) and `--json`. Throws an Error that says what is wrong. */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: 'string', default: '7' },
      only: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${values.rounds}: a whole number from 1 on`);
  const unknown = values.only?.find((name) => !isSection(name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: one of ${SECTIONS.join(', ')}`);
  return { rounds, sections: values.only?.filter(isSection) ?? SECTIONS, json: values.json };
}

function isSection(name: string): name is SectionName {
  return SECTIONS.some((section) => section === name);
}
