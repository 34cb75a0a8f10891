import type { WebAnswer, WebRequest } from '../kernel/web.ts';
import { encodePem } from '../pki/pem.ts';
import type { EnrolmentRoot } from '../engine/enrolment.ts';
import { deviceOf } from './device.ts';
import type { Guests } from './guests.ts';
import { guideFor, wantsSafari, type FileKind } from './guides.ts';
import { mobileconfig } from './mobileconfig.ts';
import { checkedPage, page, pagePolicy, type PageCheck } from './page.ts';
import type { Texts } from './texts.ts';

/** What is served, where. */
export interface Site {
  readonly root: EnrolmentRoot;
  /** The first part of every path: who has not seen the terminal does not find the page. */
  readonly token: string;
  /** What a Host header may say, in lower case. */
  readonly hosts: readonly string[];
  readonly check: PageCheck;
  readonly texts: Texts;
  readonly guests: Guests;
}

/** RFC 8615 knows none of these; Apple, Android and RFC 7468 do. */
const TYPES: Readonly<Record<FileKind, string>> = {
  mobileconfig: 'application/x-apple-aspen-config',
  crt: 'application/x-x509-ca-cert',
  pem: 'application/x-pem-file',
};

const ALWAYS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};
const NOTHING = { ...ALWAYS, 'content-security-policy': "default-src 'none'", 'content-type': 'text/plain' };
const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json';

type Answer = (request: WebRequest) => WebAnswer;

/** The page and its downloads, over HTTP. Paths are compared, not decoded: there is nothing to climb out of. */
export function pageAnswers(site: Site): Answer {
  const { root, check, texts, guests } = site;
  const files = filesOf(site);
  return guarded(site, (request, path) => {
    const isAsked = request.method === 'GET';
    if (path === `/${site.token}`) {
      if (isAsked) guests.opened(request);
      return answer(200, HTML, pageFor(request), { 'content-security-policy': pagePolicy(check) });
    }
    if (check.state === 'ready' && path === check.verdict) {
      return answer(200, JSON_TYPE, JSON.stringify({ reached: isAsked && guests.failed(request) }));
    }
    const file = files.find((one) => one.path === path);
    if (!file) return plain(404);
    if (isAsked) guests.took(request, file.kind);
    return answer(200, TYPES[file.kind], file.bytes);
  });

  function pageFor({ target, userAgent }: WebRequest): string {
    const device = deviceOf(userAgent);
    const guide = guideFor(device, /[?&]for=([a-z]+)/.exec(target)?.[1]);
    const paths = Object.fromEntries(files.map(({ kind, path }) => [kind, path])) as Record<FileKind, string>;
    const { name, facts } = root;
    const told = { root: name, fingerprint: facts.fingerprint, files: paths, guide, check };
    return page({ ...told, wantsSafari: wantsSafari(device, guide) }, texts);
  }
}

/** The check, over TLS: whoever reads it has accepted the certificate. `origin` is the page's, which may read it too. */
export function checkAnswers(site: Site, origin: string): Answer {
  return guarded(site, (request, path) => {
    if (path !== `/${site.token}/check`) return plain(404);
    if (request.origin !== undefined && request.origin !== origin) return plain(403);
    if (request.method === 'GET') site.guests.passed(request);
    if (request.origin === undefined) return answer(200, HTML, checkedPage(site.root.name, site.texts), checkedPolicy);
    return answer(200, JSON_TYPE, '{"trusted":true}', {
      'access-control-allow-origin': origin,
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'origin',
    });
  });
}

const checkedPolicy = { 'content-security-policy': pagePolicy({ state: 'unmade', host: '' }) };

/** Who asks for another name was sent here by somebody else's DNS; what is no GET has nothing to do here. */
function guarded({ hosts, guests }: Site, to: (request: WebRequest, path: string) => WebAnswer): Answer {
  return (request) => {
    if (!hosts.includes(request.host?.toLowerCase() ?? '')) {
      guests.refused(request.address, 'host');
      return plain(421);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, { allow: 'GET, HEAD' });
    // A QR code is smaller in capitals.
    return to(request, (request.target.split('?', 1)[0] ?? '').toLowerCase());
  };
}

interface File {
  readonly kind: FileKind;
  readonly path: string;
  readonly bytes: Buffer;
}

/** Named after the root, so that people find it among their downloads. */
function filesOf({ root: { name, der, facts }, token, texts }: Site): File[] {
  const slug =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 40) || 'root';
  const bytes: Record<FileKind, Buffer> = {
    mobileconfig: mobileconfig({ name, der, fingerprint: facts.fingerprint }, texts),
    crt: der,
    pem: Buffer.from(encodePem('CERTIFICATE', der)),
  };
  return (Object.keys(bytes) as FileKind[]).map((kind) => ({
    kind,
    path: `/${token}/${slug}.${kind}`,
    bytes: bytes[kind],
  }));
}

function answer(status: number, type: string, body: string | Buffer, more: Record<string, string> = {}): WebAnswer {
  return { status, headers: { ...NOTHING, 'content-type': type, ...more }, body: Buffer.from(body) };
}

const REASONS: Readonly<Record<number, string>> = {
  403: 'forbidden\n',
  404: 'not found\n',
  405: 'only GET\n',
  421: 'not the name of this server\n',
};

function plain(status: number, more: Record<string, string> = {}): WebAnswer {
  return { status, headers: { ...NOTHING, ...more }, body: Buffer.from(REASONS[status] ?? '') };
}
