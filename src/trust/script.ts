import type { System } from '../kernel/ports.ts';
import { quoted } from '../kernel/shell.ts';
import { DEBIAN_KEYSTORE } from './keystore.ts';
import { LINUX_MARKS } from './linux.ts';
import { addTo, deleteFrom } from './nss.ts';
import { storeNamed } from './stores.ts';
import type { StoreId } from './store-ids.ts';
import type { Place, Step, TrustRoot } from './types.ts';

/** Stands for the certificate in a script, which writes it first. */
const FILE = '$file';
/** Stands for a database that a script finds. */
const DATABASE = '$db';

const PLACE: Place = { at: '', needs: 'root', javaStore: { path: DEBIAN_KEYSTORE, keytool: 'keytool' } };

/**
 * A script that makes another machine trust the root, and takes it out again with `--undo` (Windows: `-Undo`). It needs
 * nothing of rcssl there. The commands are those of the stores. Pure.
 */
export function scriptFor(system: System, root: TrustRoot): string {
  const scripts = { linux: linuxScript, macos: macosScript, windows: windowsScript };
  return scripts[system]({ ...root, file: FILE });
}

function linuxScript(root: TrustRoot): string {
  const families = Object.entries(LINUX_MARKS).filter(([family]) => family !== 'nixos') as [StoreId, string][];
  const systems = families.map(([family, mark], index) => {
    const { added, removed } = commandsOf(family, root);
    return `${index === 0 ? 'if' : 'elif'} [ -e ${mark} ]; then\n${choice(added, removed)}`;
  });
  const database = { ...PLACE, at: DATABASE, needs: 'nothing' as const };
  const nss = choice(
    lines(addTo(database, root)),
    lines(deleteFrom(database, root, { trusted: true })).map((line) => `${line} 2>/dev/null || true`),
  );
  return `${shellHead(root)}
${systems.join('\n')}
else
  echo 'this system keeps its roots where this script does not know: nothing was changed there' >&2
fi

# Chromium, Chrome and Firefox, where NSS's certutil is installed. Running browsers see it once they are started again.
if command -v certutil >/dev/null; then
  for db in "$HOME/.pki/nssdb" "\${XDG_DATA_HOME:-$HOME/.local/share}/pki/nssdb" "$HOME"/.mozilla/firefox/* \\
    "\${XDG_CONFIG_HOME:-$HOME/.config}"/mozilla/firefox/* "$HOME"/snap/firefox/common/.mozilla/firefox/* \\
    "$HOME"/snap/chromium/current/.pki/nssdb; do
    [ -e "$db/cert9.db" ] || continue
${nss.replaceAll(/^/gm, '  ')}
  done
else
  echo "NSS's certutil is not installed: browsers were left out" >&2
fi
`;
}

function macosScript(root: TrustRoot): string {
  const { added, removed } = commandsOf('macos-system', root, '/Library/Keychains/System.keychain');
  return `${shellHead(root)}
${choice(added, removed).replaceAll(/^ {2}/gm, '')}
`;
}

function windowsScript(root: TrustRoot): string {
  const { install, remove } = storeNamed('windows-user');
  const line = (steps: readonly Step[]) => steps.flatMap((step) => (step.do === 'run' ? [step.argv.join(' ')] : []));
  return `# ${titleOf(root)}
# Run it in PowerShell; a window of Windows asks. With -Undo it takes the root out again. Written by rcssl.
param([switch]$Undo)
$file = Join-Path $env:TEMP '${root.id}.pem'
Set-Content -Path $file -Encoding ascii -Value @'
${root.pem.trimEnd()}
'@
if ($Undo) {
  ${line(remove(PLACE, root, { trusted: true })).join('\n  ')}
} else {
  ${line(install(PLACE, root, { trusted: false })).join('\n  ')}
}
Remove-Item $file
`;
}

function shellHead(root: TrustRoot): string {
  return `#!/bin/sh
# ${titleOf(root)}
# Run it as yourself: sudo is called where root is needed. With --undo it takes the root out again. Written by rcssl.
set -eu
undo=\${1:-}
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
file=$(mktemp)
trap 'rm -f "$file"' EXIT
cat >"$file" <<'PEM'
${root.pem.trimEnd()}
PEM
`;
}

/** A name may be anything; a line break in it would end the comment. */
function titleOf({ name, fingerprint }: TrustRoot): string {
  return `Makes this computer trust the root ${name.replaceAll(/[^\x20-\x7e]/g, '?')}, SHA-256 ${fingerprint}.`;
}

function commandsOf(store: StoreId, root: TrustRoot, at = ''): { added: string[]; removed: string[] } {
  const { install, remove } = storeNamed(store);
  const place = { ...PLACE, at };
  return {
    added: lines(install(place, root, { trusted: false })),
    removed: lines(remove(place, root, { trusted: true, name: root.id })),
  };
}

function lines(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    if (step.do !== 'run') return [];
    const words = step.argv.map(word).join(' ');
    const line = step.needs === 'root' ? `as_root ${words}` : words;
    return [step.fine ? `${line} >/dev/null 2>&1 || true` : line];
  });
}

/** Variables of the script are in double quotes, all else as it is. */
function word(text: string): string {
  if (text === FILE || text === `sql:${DATABASE}`) return `"${text}"`;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text);
}

function choice(added: readonly string[], removed: readonly string[]): string {
  const indented = (texts: readonly string[]) => texts.map((text) => `    ${text}`).join('\n');
  return `  if [ "$undo" = --undo ]; then\n${indented(removed)}\n  else\n${indented(added)}\n  fi`;
}
