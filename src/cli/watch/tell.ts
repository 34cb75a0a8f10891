import { formatDiagnostics } from '../../report/diagnostics.ts';
import { blockedDiagnostics } from '../../report/blocked.ts';
import { planText } from '../../report/plan.ts';
import { ansi, plain } from '../../report/view.ts';
import { appliedText, failedText, standing, watchingText } from '../../report/watch.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { WatchEvent } from '../../watch/events.ts';
import { viewOf, type Call } from '../call.ts';
import type { Screen } from './screen.ts';

/** Shows events to people: history above, the status beneath. */
export function tellPeople(call: Call, screen: Screen): (event: WatchEvent) => void {
  const { flags, io, cwd } = call;
  const say = (text: string): void => {
    if (!flags.quiet) screen.say(text);
  };
  const warn = (diagnostics: readonly Diagnostic[]): void => {
    const shown = flags.quiet ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics;
    const format = { root: cwd, paint: io.color.err ? ansi : plain, width: io.errWidth() };
    if (shown.length > 0) screen.say(formatDiagnostics(shown, format), 'err');
  };
  let warned = '';
  let watched: string | undefined;
  return (event) => {
    const view = viewOf(call);
    switch (event.type) {
      case 'watching': {
        // More outputs are no news: their own lines tell of them.
        const sources = event.sources.join('\n');
        if (sources !== watched) say(`${watchingText(event, cwd)}\n`);
        watched = sources;
        return;
      }
      case 'started': {
        screen.hide();
        const text = JSON.stringify(event.plan.diagnostics);
        if (text !== warned) warn(event.plan.diagnostics);
        warned = text;
        return;
      }
      case 'applied':
        say(appliedText(event, view));
        warn(blockedDiagnostics(event.result));
        return screen.show();
      case 'failed':
        if (!event.repeated) {
          say(failedText(event, cwd, view));
          warn(event.diagnostics);
        }
        return screen.show();
      case 'status':
        screen.status(event);
        if (!io.live) say(`${standing(event, event.at)}\n`);
        return;
      case 'plan':
        return say(`\n${planText(event.plan, view)}\n`);
      case 'notice':
        return warn(event.diagnostics);
      case 'stopped':
        return;
    }
  };
}
