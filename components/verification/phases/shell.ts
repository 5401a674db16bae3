/** Seconds by a clock that nobody sets. */
export const now = `now() { read -r up _ < /proc/uptime; echo "\${up%%.*}"; }\n`;

/** Every phase's script begins so: sshd's PATH for commands often lacks the folders that ip and nft are in. */
export const preamble = `export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"\n${now}`;

/** What runs keep on a node while probing; hidden, since its siblings are owners. Not under /run: a lease of host-local outlives a reboot too. */
export const probesDirectory = "/var/lib/podnet/.probes";

/** Names of one run's things on a node; each node has a token of its own. */
export function probeNames(token: string) {
  if (!/^[0-9a-f]{1,12}$/.test(token)) throw new Error(`"${token}" is not a probe token`);
  const name = `podnet-probe-${token}`;
  // A link's name has 15 characters at most.
  return { name, link: `pn-${token}`, directory: `${probesDirectory}/${token}`, namespace: `/run/netns/${name}` };
}

/** A file's content as a quoted here-document: the shell changes nothing in it. */
export function write(path: string, content: string): string {
  const end = "PODNET_END_OF_FILE";
  if (content.split("\n").includes(end)) throw new Error(`a file for a node holds the line ${end}`);
  return `cat > ${path} <<'${end}'\n${content}\n${end}\n`;
}
