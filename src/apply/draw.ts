import type { OwnerId } from '../kernel/ids.ts';
import type { Step } from './execute.ts';

/** How progress is drawn; the words come from whoever shows it. */
export type Display =
  /** A list that moves, by listr2, on a terminal of this many rows. */
  | { readonly kind: 'live'; readonly rows: number; readonly unicode: boolean; readonly words: Words }
  /** Plain lines, for logs: now and then one, where there is much to do. */
  | { readonly kind: 'lines'; readonly write: (line: string) => void; readonly words: Words };

interface Words {
  readonly making: (step: { readonly owner: OwnerId; readonly name: string }) => string;
  /** `37 of 100 made` */
  readonly progress: (made: number, total: number) => string;
}

/** Fewer steps than this are soon done: a log needs no line before their result. */
const MANY = 20;
/** Rows that the screen has for other things than the list. */
const MARGIN = 6;

/** Shows the steps while they run. It draws and nothing else: what became of a step is read from the step itself. */
export async function draw(steps: readonly Step[], display: Display | undefined): Promise<void> {
  if (steps.length > 0 && display?.kind === 'live') await drawList(steps, display);
  if (steps.length > MANY && display?.kind === 'lines') drawMilestones(steps, display);
  await Promise.allSettled(steps.map(({ done }) => done));
}

/** Counts what is made; a failure is told by the run. */
function count(steps: readonly Step[], told: (made: number) => void): void {
  let made = 0;
  for (const { done } of steps) {
    void done.then(
      () => told((made += 1)),
      () => undefined,
    );
  }
}

function drawMilestones(steps: readonly Step[], { write, words }: Display & { kind: 'lines' }): void {
  const quarter = Math.ceil(steps.length / 4);
  count(steps, (made) => {
    if (made % quarter === 0 && made < steps.length) write(words.progress(made, steps.length));
    if (made === steps.length) write('');
  });
}

/** The list is gone when it ends: what was really done is said once the files are in place. */
async function drawList(steps: readonly Step[], { rows, unicode, words }: Display & { kind: 'live' }): Promise<void> {
  const { Listr, Spinner } = await import('listr2');
  const spinner = new (class extends Spinner {
    protected override readonly spinner = frames(unicode);
  })();
  const all = Promise.allSettled(steps.map(({ done }) => done));
  // listr2 breaks beyond the height of the screen: there the list is one line that counts.
  const tasks =
    steps.length > rows - MARGIN
      ? [{ title: words.progress(0, steps.length), done: all }]
      : steps.map((step) => ({ title: words.making(step), done: step.done }));
  const list = new Listr(
    tasks.map(({ title, done }) => ({
      title,
      task: async (_, task) => {
        if (done === all) count(steps, (made) => (task.title = words.progress(made, steps.length)));
        await done;
      },
    })),
    {
      concurrent: true,
      // listr2's own signal listener ends the process in the middle of things; exitOnError would hide the later steps.
      exitOnError: false,
      registerSignalListeners: false,
      renderer: 'default',
      rendererOptions: {
        clearOutput: true,
        collapseErrors: false,
        showErrorMessage: false,
        formatOutput: 'truncate',
        spinner,
        icon: {
          WAITING: unicode ? '  ·' : '  .',
          COMPLETED: unicode ? '  ✔' : '  ok',
          FAILED: unicode ? '  ✘' : '  !!',
        },
      },
    },
  );
  await list.run().catch(() => undefined);
}

function frames(unicode: boolean): string[] {
  const signs = unicode ? ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] : ['-', '\\', '|', '/'];
  return signs.map((sign) => `  ${sign}`);
}
