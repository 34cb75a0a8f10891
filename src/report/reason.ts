import { ownerName } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Reason } from '../plan/types.ts';
import { momentText, nearDayText, whenText } from './time.ts';
import { count, keyWords } from './words.ts';

/** Where a reason stands: the file as people read it, and the moment of the plan. */
export interface ReasonContext {
  readonly path: string;
  readonly now: Instant;
  /** It is why nothing can be done. */
  readonly blocked?: boolean;
  /** Turns a path of a reason into what people read. */
  readonly shown: (path: string) => string;
}

/** A reason in words, without the owner that the line begins with; it names the file where the fact is about that one. */
export function reasonText(reason: Reason, { path, now, shown, blocked = false }: ReasonContext): string {
  switch (reason.code) {
    case 'missing':
      return `${path} is missing`;
    case 'malformed':
      return `${path} cannot be read: ${reason.why}`;
    case 'expired':
      return `expired ${whenText(reason.notAfter, now)}`;
    case 'expires-soon':
      return `expires ${whenText(reason.notAfter, now)} (${renewalText(reason.renewAt, now)})`;
    case 'not-yet-valid':
      return `not valid before ${momentText(reason.notBefore, now)}`;
    case 'names-changed':
      return `names: ${changes(reason.added, reason.removed)}`;
    case 'profile-changed':
      return `${reason.field}: ${value(reason.from)} becomes ${value(reason.to)}`;
    case 'renamed':
      return `name: ${reason.from} becomes ${reason.to}`;
    case 'issuer-changed':
      return `issued by ${reason.from}, wants ${reason.to}`;
    case 'issuer-replaced':
      return 'issued anew under the new root';
    case 'key-mismatch':
      return `${path} belongs to another key`;
    case 'key-lost':
      return `its key is lost (${shown(reason.path)})`;
    case 'key-changed':
      return `${path} follows its new key`;
    case 'certificate-changed':
      return `${path} follows its new certificate`;
    case 'edited':
      return `${path} was changed by hand (${diffText(reason.diff)}); what is there goes to .rcssl/archive/`;
    case 'text-changed':
      return `${path}: ${diffText(reason.diff)}`;
    case 'stale':
      return `${path} is not what it is made from`;
    case 'constraints-widened':
      return `may also sign for ${reason.added.join(', ')}`;
    case 'constraints-changed':
      return `may sign for: ${value(reason.from)} becomes ${value(reason.to)}`;
    case 'mode':
    case 'group':
      return `${path}: ${reason.code} ${reason.from}, wants ${reason.to}`;
    case 'encoding':
      return `${path}: ${reason.from}, wants ${reason.to}`;
    case 'encryption':
      if (reason.to === 'passphrase') return `${path} gets a passphrase`;
      return blocked
        ? `${path} is encrypted, and no passphrase is configured`
        : `${path} cannot be opened: it is encrypted`;
    case 'moved':
      return `${path}, was ${shown(reason.from)}`;
    case 'forced':
      return 'asked for with --force';
    case 'adopted':
      return `${path} is taken over`;
    case 'undeclared':
      return `${path} is no longer declared`;
    case 'of-another-config':
      return `${path} belongs to ${reason.config}`;
    case 'root-key':
      return `${path} is the key of the root ${reason.root}`;
    case 'not-ours':
      return `${path} was not written by rcssl`;
    case 'not-a-file':
      return `${path} is a ${reason.what}`;
    case 'outside':
      return `a link leads ${path} out of the project, to ${reason.to}`;
    case 'unswitchable':
      return `${shown(reason.folder)} ${reason.why}, and layout atomic switches a link there`;
    case 'unreadable':
      return `${path} cannot be read: ${reason.why}`;
    case 'waits':
      return `waits for ${ownerName(reason.on)}`;
  }
}

function renewalText(renewAt: Instant, now: Instant): string {
  return renewAt > now ? `renews ${nearDayText(renewAt, now)}` : `renewal due since ${nearDayText(renewAt, now)}`;
}

function changes(added: readonly string[], removed: readonly string[]): string {
  return [added.length > 0 && `+ ${added.join(', ')}`, removed.length > 0 && `- ${removed.join(', ')}`]
    .filter(Boolean)
    .join('  ');
}

/** `2 lines go, 1 line comes`. */
function diffText(diff: readonly string[]): string {
  const gone = diff.filter((line) => line.startsWith('-')).length;
  const come = diff.length - gone;
  return [
    gone > 0 && `${count(gone, 'line')} ${gone === 1 ? 'goes' : 'go'}`,
    come > 0 && `${count(come, 'line')} ${come === 1 ? 'comes' : 'come'}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function value(text: string): string {
  return text === '' ? 'none' : keyWords(text);
}

/** True for what says enough by itself: who reads it need not know how the file differs. */
export function isWhole({ code }: Reason): boolean {
  return ['not-ours', 'adopted', 'not-a-file', 'of-another-config', 'root-key', 'outside', 'unswitchable'].includes(
    code,
  );
}

/** True for what only follows from another reason of the same owner, so that people need not read it. */
export function isConsequence({ code }: Reason): boolean {
  return code === 'key-changed' || code === 'certificate-changed' || code === 'waits';
}
