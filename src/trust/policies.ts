import { isDeepStrictEqual } from 'node:util';

/** What Firefox reads (policies.json): only what is needed here, the rest stays as it is. */
interface Policies {
  readonly policies?: { readonly Certificates?: { readonly Install?: readonly string[] } };
}

/** Undefined for what is no JSON object. */
export function parsePolicies(text: string): Policies | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function installedBy(text: string | undefined): readonly string[] {
  const install = text === undefined ? undefined : parsePolicies(text)?.policies?.Certificates?.Install;
  return Array.isArray(install) ? install : [];
}

/** With a certificate more. */
export function withCertificate(text: string | undefined, path: string): string {
  const value = (text === undefined ? undefined : parsePolicies(text)) ?? {};
  const { Certificates, ...others } = value.policies ?? {};
  const Install = [...installedBy(text).filter((one) => one !== path), path];
  return format({ ...value, policies: { ...others, Certificates: { ...Certificates, Install } } });
}

/**
 * Without it. `before`: the text from before the first change, which comes back as it was where nothing else has changed;
 * undefined as a result: nothing is left, and the file was not there.
 */
export function withoutCertificate(text: string, path: string, before: string | undefined): string | undefined {
  const value = parsePolicies(text) ?? {};
  const { Certificates, ...others } = value.policies ?? {};
  const { Install: _, ...rest } = Certificates ?? {};
  const left = installedBy(text).filter((one) => one !== path);
  const kept = { ...rest, ...(left.length > 0 && { Install: left }) };
  const next = { ...value, policies: { ...others, ...(Object.keys(kept).length > 0 && { Certificates: kept }) } };
  if (before !== undefined && isDeepStrictEqual(next, parsePolicies(before))) return before;
  return before === undefined && isDeepStrictEqual(next, { policies: {} }) ? undefined : format(next);
}

function format(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
