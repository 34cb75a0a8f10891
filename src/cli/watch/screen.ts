import { statusText } from '../../report/watch.ts';
import type { WatchStatus } from '../../watch/events.ts';
import { viewOf, type Call } from '../call.ts';
import { KEY_HELP } from './terminal.ts';

/** Where a watch is seen: what has happened scrolls, how things stand is the last line of a terminal. */
export interface Screen {
  /** Text that stays, each line ended. */
  say(text: string, to?: 'out' | 'err'): void;
  status(status: WatchStatus): void;
  /** Takes the last line away, for somebody else who draws. */
  hide(): void;
  show(): void;
  close(): void;
}

const WIPE = '\r\u001B[2K';
const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';
/** "In 23 days" becomes less true as time goes on. */
const REDRAW_EVERY = 60_000;

export function screenFor(call: Call): Screen {
  const { io, flags } = call;
  const live = io.live && !flags.json && !flags.quiet;
  return live ? liveScreen(call) : { ...plainScreen(call), status: () => undefined };
}

function plainScreen({ io }: Call): Screen {
  const nothing = (): void => undefined;
  return { say: (text, to = 'out') => io[to](text), status: nothing, hide: nothing, show: nothing, close: nothing };
}

function liveScreen(call: Call): Screen {
  const { io } = call;
  let now: WatchStatus | undefined;
  let shown = false;
  const keys = io.interactive ? KEY_HELP : '';
  const draw = (): void => {
    if (!now || !shown) return;
    io.out(`${WIPE}${HIDE_CURSOR}${statusText(now, Date.now(), viewOf(call), keys)}`);
  };
  const hide = (): void => {
    if (shown) io.out(`${WIPE}${SHOW_CURSOR}`);
    shown = false;
  };
  const show = (): void => {
    shown = true;
    draw();
  };
  const timer = setInterval(draw, REDRAW_EVERY);
  process.stdout.on('resize', draw);
  return {
    say(text, to = 'out') {
      if (shown) io.out(WIPE);
      io[to](text);
      draw();
    },
    status(status) {
      now = status;
      show();
    },
    hide,
    show,
    close() {
      clearInterval(timer);
      process.stdout.off('resize', draw);
      hide();
    },
  };
}
