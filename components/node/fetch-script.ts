import { curlConfig } from "./curl-script";
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
 * The URL may hold who may fetch it (a presigned query, a user and a token): it reaches curl or wget on stdin, so that
 * no other user of the node reads it in the process list.
 *
 * @param seconds what the download may take; the tool that fetches does not outlive it
 */
export function fetchScript(owner: string, sum: string, url: string, seconds: number): string {
  if (/[\s\p{Cc}]/u.test(url)) throw new Error("a URL cannot hold spaces or control characters");
  const shown = shownUrl(url);
  const fetch = [
    // Brackets and braces in a URL are its own, not curl's ranges.
    `if command -v curl >/dev/null; then timeout ${seconds} curl -fsSL --globoff -o "$part" ${curlConfig({ url })}`,
    `elif wget --help 2>&1 | grep -q -e --input-file; then timeout ${seconds} wget -q -O "$part" -i - <<'PODNET_END'`,
    url,
    `PODNET_END`,
    `else ${otherwise(url, seconds)}; fi; code=$?`,
  ];
  return wrap([
    ...intoStore(owner, sum),
    `part=${storePath(owner, sum)}.part.$$; ended() { rm -f "$part"; ${tidy(owner)}; exit ${outcomes.unprepared}; }`,
    ...fetch,
    `[ $code -ne 124 ] || { echo ${quote(`${shown} was not there within ${seconds} s (commandTimeoutSeconds)`)}; ended; }`,
    `[ $code -eq 0 ] || { echo ${quote(`${shown} could not be fetched`)} "(code $code)"; ended; }`,
    `found=$(sha256sum < "$part"); found=\${found%% *}`,
    `[ "$found" = ${sum} ] || { echo ${quote(`${shown} has the SHA-256`)} "$found, not ${sum}"; ended; }`,
    `mv -f "$part" ${storePath(owner, sum)} || ended`,
  ]);
}

/** A URL as it may be shown: without user and query, which may be secrets. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

/** BusyBox's wget takes a URL in its words alone: one that may hold a secret does not go there. */
function otherwise(url: string, seconds: number): string {
  const { username, password, search } = new URL(url);
  if (!username && !password && !search) return `timeout ${seconds} wget -q -O "$part" -- ${quote(url)}`;
  const reason = `${shownUrl(url)} has a user or a query, which this node's wget would show to every user there`;
  return `echo ${quote(`${reason}: install curl, or give the artifact by localPath`)}; ended`;
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
