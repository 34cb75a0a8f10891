/** Who owns an artifact, the same everywhere: plan, JSON, `--only`, `--force` (where a bare NAME is a host). */
export type OwnerId = `ca:${string}` | `host:${string}` | `proxy:${string}`;

export function ownerName(id: OwnerId): string {
  return id.slice(id.indexOf(':') + 1);
}
