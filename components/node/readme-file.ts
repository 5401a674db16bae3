import { text } from "./node-text";

/** What somebody reads who sits at the node at night and has neither podnet nor Pulumi. */
export const readmeFile = text([
  "podnet made a part of this node's network. It runs no daemon; all it keeps is here.",
  "Everything below is run by root, in /bin/sh, and needs neither podnet nor a network.",
  "",
  "See      ls /var/lib/podnet                  one directory an owner (a network), and pending if a change waits",
  "         ip route show table all proto 98    the routes that podnet made",
  "",
  "Undo a change that waits for its confirmation. The node does it by itself at the deadline:",
  "         cat /var/lib/podnet/pending/owner",
  "         sh /var/lib/podnet/pending/undo.sh asked",
  "One that was confirmed and could not be written down is completed by the same line.",
  "",
  "Make again what was committed, after a hand-made change or a failed boot:",
  "         sh /var/lib/podnet/OWNER/replay.sh",
  "",
  "Remove an owner: the node is as before it. The connection that you came by may go through what is removed,",
  "so this does not depend on it:",
  "         setsid sh /var/lib/podnet/OWNER/remove.sh </dev/null >/root/podnet-remove.log 2>&1 &",
  "         cat /root/podnet-remove.log         ends with: OWNER is removed",
  "",
  'Pulumi does not know of it: "pulumi refresh" shows it as a change by hand, and "pulumi up" makes it again.',
]);
