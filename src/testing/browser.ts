import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** What a page believes to be shown on. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly isMobile: boolean;
  /** Chromium's own without it. */
  readonly userAgent?: string;
  readonly dark?: boolean;
}

export const SCREENS = {
  desktop: { width: 1100, height: 800, scale: 1, isMobile: false },
  iphone: {
    width: 393,
    height: 852,
    scale: 2,
    isMobile: true,
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1',
  },
  pixel: {
    width: 412,
    height: 915,
    scale: 2,
    isMobile: true,
    userAgent:
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  },
} as const satisfies Record<string, Screen>;

export interface Tab {
  /** Resolves once the page has loaded. */
  go(url: string): Promise<void>;
  /** The value of an expression in the page, promises awaited. */
  evaluate<T>(expression: string): Promise<T>;
  /** Resolves once an expression is true. */
  until(condition: string): Promise<void>;
  /** The whole page as PNG. */
  screenshot(path: string): Promise<void>;
}

export interface Browser {
  open(screen: Screen, options?: { readonly javaScript?: boolean }): Promise<Tab>;
  /** Resolves with the bytes' path once something has been downloaded that `start` begins. */
  download(start: () => Promise<unknown>): Promise<string>;
  close(): Promise<void>;
}

const PATIENCE = 60_000;

type Params = Readonly<Record<string, unknown>>;
interface Told {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-proxy-server',
  '--remote-debugging-port=0',
];

/** Chromium with a home of its own, driven by its DevTools protocol. Ends with the test. */
export async function openBrowser(home: string): Promise<Browser> {
  mkdirSync(home, { recursive: true });
  const env = {
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
  };
  const child = spawn('chromium', [...FLAGS, `--user-data-dir=${join(home, 'profile')}`, 'about:blank'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async (): Promise<void> => {
    // Its whole group: the others would outlive it.
    if (child.exitCode === null && child.signalCode === null && child.pid) process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  onTestFinished(close);
  const endpoint = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Chromium ended: ${said}`)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (found) resolve(found);
    });
  });
  const { send, once } = await connect(endpoint);
  const downloads = join(home, 'downloads');
  await send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads, eventsEnabled: true });
  return {
    close,
    async open(screen, { javaScript = true } = {}) {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      const tab = tabOf((method, params) => send(method, params, String(sessionId)), once);
      await tab.prepare(screen, javaScript);
      return tab;
    },
    async download(start) {
      let name = '';
      const began = once('Browser.downloadWillBegin').then(
        ({ suggestedFilename }) => (name = String(suggestedFilename)),
      );
      const done = once('Browser.downloadProgress', ({ state }) => state !== 'inProgress');
      await start();
      await began;
      const { state } = await done;
      if (state !== 'completed') throw new Error(`the download of ${name} was ${state}`);
      return join(downloads, name);
    },
  };
}

type Send = (method: string, params?: Params, sessionId?: string) => Promise<Record<string, unknown>>;
type Once = (method: string, fits?: (params: Record<string, unknown>) => boolean) => Promise<Record<string, unknown>>;

async function connect(endpoint: string): Promise<{ readonly send: Send; readonly once: Once }> {
  const socket = new WebSocket(endpoint);
  const calls = new Map<number, (told: Told) => void>();
  const listeners = new Set<(told: Told) => void>();
  let last = 0;
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  socket.addEventListener('message', ({ data }) => {
    const told = JSON.parse(String(data)) as Told;
    if (told.id !== undefined) calls.get(told.id)?.(told);
    else for (const listener of listeners) listener(told);
  });
  return {
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        last += 1;
        calls.set(last, ({ result, error }) =>
          error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result ?? {}),
        );
        socket.send(JSON.stringify({ id: last, method, params, ...(sessionId && { sessionId }) }));
      }),
    once: (method, fits = () => true) =>
      new Promise((resolve) => {
        const listener = ({ method: told, params = {} }: Told): void => {
          if (told !== method || !fits(params)) return;
          listeners.delete(listener);
          resolve(params);
        };
        listeners.add(listener);
      }),
  };
}

function tabOf(send: Send, once: Once): Tab & { prepare(screen: Screen, javaScript: boolean): Promise<void> } {
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      // As if a person had done it: some downloads are refused to scripts.
      userGesture: true,
    });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { readonly value: T }).value;
  };
  return {
    evaluate,
    async prepare({ width, height, scale, isMobile, userAgent, dark }, javaScript) {
      await send('Page.enable');
      await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: scale, mobile: isMobile });
      await send('Emulation.setTouchEmulationEnabled', { enabled: isMobile, ...(isMobile && { maxTouchPoints: 5 }) });
      await send('Emulation.setScriptExecutionDisabled', { value: !javaScript });
      const scheme = { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' };
      await send('Emulation.setEmulatedMedia', { features: [scheme] });
      if (userAgent !== undefined) await send('Emulation.setUserAgentOverride', { userAgent });
    },
    async go(url) {
      const loaded = once('Page.loadEventFired');
      const { errorText } = await send('Page.navigate', { url });
      if (errorText !== undefined) throw new Error(`${url}: ${String(errorText)}`);
      await loaded;
    },
    // From here and not by a promise in the page, which a navigation would end.
    async until(condition) {
      for (const began = performance.now(); performance.now() - began < PATIENCE; await sleep(50)) {
        if (await evaluate<boolean>(condition).catch(() => false)) return;
      }
      throw new Error(`not true in time: ${condition}`);
    },
    async screenshot(path) {
      const { data } = await send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
      writeFileSync(path, Buffer.from(String(data), 'base64'));
    },
  };
}
