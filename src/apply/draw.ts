import type { ListrRendererValue } from 'listr2';
import type { Step } from './execute.ts';

/** How progress is drawn: a listr2 renderer and its options. Without one nothing is drawn and listr2 isn't loaded. */
export interface Display {
  readonly renderer: ListrRendererValue;
  readonly rendererOptions: object;
  /** The line of a step. */
  readonly title: (step: Pick<Step, 'owner' | 'name'>) => string;
}

/** Shows the steps while they run. It draws and nothing else: what became of a step is read from the step itself. */
export async function draw(steps: readonly Step[], display: Display | undefined): Promise<void> {
  if (!display || steps.length === 0) {
    await Promise.allSettled(steps.map(({ done }) => done));
    return;
  }
  const { Listr } = await import('listr2');
  const tasks = steps.map((step) => ({
    title: display.title(step),
    task: async () => {
      await step.done;
    },
  }));
  // listr2's own signal listener ends the process in the middle of things; exitOnError would hide the later steps.
  const options = { concurrent: true, exitOnError: false, registerSignalListeners: false } as const;
  const list = new Listr(tasks, {
    ...options,
    renderer: display.renderer,
    rendererOptions: display.rendererOptions,
    fallbackRenderer: display.renderer,
    fallbackRendererOptions: display.rendererOptions,
  });
  await list.run().catch(() => undefined);
  await Promise.allSettled(steps.map(({ done }) => done));
}
