import { wrap } from "./facts-script";
import { storePath } from "./kinds/file";
import { outcomes } from "./outcomes";
import { quote } from "./quote";

/** Prints "there" when the owner's store has an artifact, and makes the store otherwise. */
export function storeScript(owner: string, sum: string): string {
  return wrap(intoStore(owner, sum));
}

/**
 * Lets the node fetch an artifact into the owner's store, before its change begins: a slow server takes nothing of the
 * time in which the change must be confirmed. The file has a name of its own until its hash is the one that is wanted.
 *
 * @param seconds what the download may take; the tool that fetches does not outlive it
 */
export function fetchScript(owner: string, sum: string, url: string, seconds: number): string {
  const fetch = [
    `if command -v curl >/dev/null; then timeout ${seconds} curl -fsSL -o "$part" -- ${quote(url)}`,
    `else timeout ${seconds} wget -q -O "$part" -- ${quote(url)}; fi; code=$?`,
  ];
  return wrap([
    ...intoStore(owner, sum),
    `part=${storePath(owner, sum)}.part.$$; ended() { rm -f "$part"; ${tidy(owner)}; exit ${outcomes.unprepared}; }`,
    ...fetch,
    `[ $code -ne 124 ] || { echo ${quote(`${url} was not there within ${seconds} s (commandTimeoutSeconds)`)}; ended; }`,
    `[ $code -eq 0 ] || { echo ${quote(`${url} could not be fetched`)} "(code $code)"; ended; }`,
    `found=$(sha256sum < "$part"); found=\${found%% *}`,
    `[ "$found" = ${sum} ] || { echo ${quote(`${url} has the SHA-256`)} "$found, not ${sum}"; ended; }`,
    `mv -f "$part" ${storePath(owner, sum)} || ended`,
  ]);
}

/** Of an owner that has nothing yet, nothing stays. */
const tidy = (owner: string) =>
  `( cd /var/lib/podnet && { [ -e pending ] || [ -e ${owner}/manifest.json ] || rm -rf ${owner}; } ); rmdir /var/lib/podnet 2>/dev/null`;

function intoStore(owner: string, sum: string): string[] {
  return [
    `umask 077; mkdir -p /var/lib/podnet/${owner}/store || { ${tidy(owner)}; exit ${outcomes.unprepared}; }`,
    `if [ -e ${storePath(owner, sum)} ]; then echo there; exit 0; fi`,
  ];
}
