import { type HostileNode, hostileNode, say } from "../ssh/hostile";
import type { Box } from "./box";

/** A node that runs what it is sent in a box: the provider and its scripts as they are, without a lab. */
export function boxedNode(box: Box, keyFile: string): Promise<HostileNode> {
  return hostileNode(keyFile, async (channel, script) => {
    const { code, stdout, stderr } = await box.run(script);
    channel.stderr.write(stderr);
    say(channel, stdout, code);
  });
}
