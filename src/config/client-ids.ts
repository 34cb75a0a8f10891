/** The ids of client warnings, as `accept` takes them; what they say stands in clients.ts. */
export const HOST_LINT_IDS = [
  'apple-825',
  'ed25519-browsers',
  'underscore-java',
  'wildcard-public-suffix-chromium',
  'client-only-usage',
] as const;

export const ROOT_LINT_IDS = ['plain-root', 'ed25519-nss'] as const;

export type HostLintId = (typeof HOST_LINT_IDS)[number];
export type RootLintId = (typeof ROOT_LINT_IDS)[number];
