import type { ApplyOptions } from '../engine/types.ts';
import { drive, type WatchPorts } from './drive.ts';
import type { WatchEvent } from './events.ts';
import { queue } from '../kernel/queue.ts';

/**
 * Keeps what is declared true until `signal` aborts, a source quits or nobody takes its events any more:
 *
 *     sources → causes → machine → run → events
 *
 * What goes wrong is an event and no end.
 */
export async function* watchProject(ports: WatchPorts, options: ApplyOptions): AsyncGenerator<WatchEvent, void> {
  const events = queue<WatchEvent>();
  const driver = drive(ports, options, (event) => {
    events.push(event);
    if (event.type === 'stopped') events.end();
  });
  try {
    await driver.begin();
    yield* events.values();
  } finally {
    await driver.end('asked');
  }
}
