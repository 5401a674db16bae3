import { lines } from "./host-files";

interface Check {
  /** Of the script, in /etc/podnet. */
  fileName: string;
  /** Of the unit: "podnet-pods-range-is-free". */
  name: string;
  description: string;
  /** Units that are started before it, where there are any, as in After=. */
  after?: string;
  script: string;
}

/**
 * What a node is asked before a network comes to it: a unit that fails where its script does, so that the node's change is
 * undone.
 */
export function checkUnit({ fileName, name, description, after, script }: Check) {
  const path = `/etc/podnet/${fileName}`;
  const content = lines([
    "[Unit]",
    `Description=${description} (podnet)`,
    ...(after ? [`After=${after}`] : []),
    // When it fails its change is undone, and systemd is to forget it too.
    "CollectMode=inactive-or-failed",
    "",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    `ExecStart=/bin/sh ${path}`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ]);
  return { file: { path, content: script }, unit: { name: `${name}.service`, content } };
}
