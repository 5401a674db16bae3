import { wrap } from "../../node/facts-script";
import { preamble, probeNames } from "./shell";

/** Last phase: who was seen by the probe pod; then the probe pod goes, with everything that was made for it. */
export function detachScript(token: string): string {
  const { name, directory } = probeNames(token);
  return wrap([
    `${preamble}
[ -d ${directory} ] || exit 0
ip netns exec ${name} nft list table inet podnet_probe
sh ${directory}/remove >&2`,
  ]);
}

/** What the node said while the probe pod was taken away, in one line; empty when all went well. */
export function parseComplaints(result: { code: number; stderr: string }): string {
  const words = result.stderr.trim().replaceAll(/\s*\n\s*/g, " ");
  return words || (result.code === 0 ? "" : `exit code ${result.code}`);
}

/** Source addresses of the echo requests that reached the probe pod, from nft's listing of its two sets. */
export function parseDetach(stdout: string): string[] {
  return [...stdout.matchAll(/elements = \{([^}]*)\}/g)].flatMap((match) =>
    (match[1] as string)
      .split(",")
      .map((element) => element.trim().split(/\s/)[0] as string)
      .filter((address) => address !== ""),
  );
}
