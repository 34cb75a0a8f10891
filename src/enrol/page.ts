import { createHash } from 'node:crypto';
import { drawing } from './drawings.ts';
import { escaped } from './escape.ts';
import { FILE_OF, GUIDES, type FileKind, type GuideId } from './guides.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { fill, type GuideText, type StepText, type Texts } from './texts.ts';

/** How the page can check, as its reader is told. */
export type PageCheck =
  /** `url`: over TLS. `verdict`: where the page asks what became of it. */
  | { readonly state: 'ready'; readonly url: string; readonly verdict: string; readonly port: number }
  | { readonly state: 'unmade'; readonly host: string }
  /** `declare`: what to write into the configuration. */
  | { readonly state: 'undeclared'; readonly names: readonly string[]; readonly declare: string };

export interface PageFacts {
  readonly root: string;
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string;
  /** Paths. */
  readonly files: Readonly<Record<FileKind, string>>;
  readonly guide: GuideId;
  /** The steps are for Safari, and this is another browser. */
  readonly wantsSafari: boolean;
  readonly check: PageCheck;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What the page may do: its own style, its own script, and the one connection of the check. */
export function pagePolicy(check: PageCheck): string {
  const connect = check.state === 'ready' ? `'self' ${new URL(check.url).origin}` : "'self'";
  return [
    "default-src 'none'",
    `style-src ${hashOf(STYLE)}`,
    `script-src ${hashOf(SCRIPT)}`,
    `connect-src ${connect}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The page as HTML: the steps of one device, without JavaScript up to the check. Pure. */
export function page(facts: PageFacts, texts: Texts): string {
  const { guide: id, files, root, wantsSafari } = facts;
  const guide = texts.guides[id];
  const file = files[FILE_OF[id]];
  const values: Values = {
    root: escaped(root),
    file: escaped(file.split('/').at(-1) ?? ''),
    id: `rcssl-${facts.fingerprint.slice(0, 12)}`,
  };
  const say: Say = (text, more = {}) => fill(marked(text), { ...values, ...more });
  return document(facts, texts.language, fill(escaped(texts.title), values), [
    `<main><p class="for">${say(guide.name)}</p><h1>${say(texts.title)}</h1><p>${say(texts.intro)}</p>`,
    wantsSafari ? `<p class="bad">${say(texts.onlySafari)}</p>` : '',
    `<ol>${guide.steps.map((one, index) => step(one, index === 0 ? { guide, file } : undefined, values)).join('')}</ol>`,
    typedPart(guide, values, say),
    guide.note === undefined ? '' : `<p class="note">${say(guide.note)}</p>`,
    `<section><h2>${say(texts.fingerprint.title)}</h2><p>${say(texts.fingerprint.text)}</p>${fingerprint(facts.fingerprint)}</section>`,
    checkPart(facts.check, guide, texts, say),
    `<details><summary>${say(texts.undo)}</summary><p>${say(guide.undo)}</p></details>`,
    `<details open><summary>${say(texts.others)}</summary><ul>${others(id, texts)}</ul></details>`,
    `<details><summary>${say(texts.otherFiles)}</summary><ul>${fileLinks(files)}</ul></details></main>`,
    `<footer><p>${say(texts.footer)}</p></footer>`,
  ]);
}

/** What a browser shows that goes to the check by itself. */
export function checkedPage(root: string, texts: Texts): string {
  const text = fill(marked(texts.check.opened), { root: escaped(root) });
  return `<!doctype html><html lang="${texts.language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(texts.check.title)}</title><style>${STYLE}</style><main><h1>${escaped(texts.check.title)}</h1><p>${text}</p></main></html>`;
}

function document(facts: PageFacts, language: string, title: string, parts: readonly string[]): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><link rel="icon" href="data:,"><style>${STYLE}</style>`;
  return `<!doctype html>\n<html lang="${language}" data-guide="${facts.guide}"><head>${head}</head>\n<body>\n${parts.filter(Boolean).join('\n')}\n<script>${SCRIPT}</script>\n</body></html>\n`;
}

/** As HTML. */
type Values = Readonly<Record<string, string>>;
type Say = (text: string, more?: Values) => string;

/** `*word*` and `` `word` `` of a text of ours; what is put in afterwards is not looked at. */
function marked(text: string): string {
  return escaped(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\*([^*]+)\*/g, '<b>$1</b>');
}

function step(
  { text, drawing: name }: StepText,
  download: { readonly guide: GuideText; readonly file: string } | undefined,
  values: Values,
): string {
  const button = download && `<a class="button" href="${download.file}">${marked(download.guide.button)}</a>`;
  const picture = name === undefined ? '' : drawing(name);
  return `<li><div class="step">${picture}<p>${fill(marked(text), values)}</p></div>${button ?? ''}</li>`;
}

function typedPart({ typed }: GuideText, values: Values, say: Say): string {
  if (!typed) return '';
  const lines = typed.lines.map(({ text, command }) => {
    const words = text === undefined ? '' : `<p>${say(text)}</p>`;
    return `${words}<pre><code>${fill(escaped(command), values)}</code></pre>`;
  });
  return `<section><h2>${say(typed.title)}</h2>${lines.join('')}</section>`;
}

function fingerprint(hex: string): string {
  const pairs = hex.toUpperCase().match(/../g) ?? [];
  return `<p><code class="print">${pairs.map((pair) => `<span>${pair}</span>`).join(' ')}</code></p>`;
}

function others(own: GuideId, { guides }: Texts): string {
  const rest = GUIDES.filter((id) => id !== own);
  return rest.map((id) => `<li><a href="?for=${id}">${escaped(guides[id].name)}</a></li>`).join('');
}

function fileLinks(files: PageFacts['files']): string {
  const link = (path: string): string => `<li><a href="${path}">${escaped(path.split('/').at(-1) ?? '')}</a></li>`;
  return Object.values(files).map(link).join('');
}

function checkPart(check: PageCheck, guide: GuideText, { check: texts }: Texts, say: Say): string {
  const heading = `<h2>${say(texts.title)}</h2>`;
  switch (check.state) {
    case 'unmade':
      return `<section>${heading}<p>${say(texts.unmade, { host: escaped(check.host) })}</p></section>`;
    case 'undeclared':
      return `<section>${heading}<p>${say(texts.undeclared, { names: escaped(check.names.join(', ')) })}</p><pre><code>${escaped(check.declare)}</code></pre><p>${say(texts.undeclaredThen)}</p></section>`;
    case 'ready': {
      const when = (state: string, words: string): string => `<div data-when="${state}" hidden>${words}</div>`;
      const results = [
        when('running', `<p>${say(texts.running)}</p>`),
        when('passed', `<p class="good">${say(texts.passed)}</p>`),
        when('refused', `<p class="bad">${say(texts.refused)}</p><p>${say(guide.refused)}</p>`),
        when('unreached', `<p class="bad">${say(texts.unreached, { port: String(check.port) })}</p>`),
      ].join('');
      const byHand = `<noscript><p>${say(texts.byHand)} <a href="${check.url}">${check.url}</a></p></noscript>`;
      return `<section id="check" data-url="${check.url}" data-verdict="${check.verdict}">${heading}<p>${say(texts.text)}</p><button type="button" hidden>${say(texts.button)}</button><div role="status">${results}</div>${byHand}</section>`;
    }
  }
}
