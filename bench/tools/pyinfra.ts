import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../../lab";
import { measure } from "../measure";
import { bridge, bridgeAddress, filesOf, type PlacedNode, routesOf, runsOf } from "../network";
import { routeLine } from "../scripts";
import { peers } from "./python";

/**
 * A deploy as a careful user writes it: all nodes in parallel, and one process for all routes. Answers a function that
 * runs it, and how long that took in seconds.
 */
export async function pyinfra(lab: Lab, nodes: readonly PlacedNode[], folder: string): Promise<() => Promise<number>> {
  const programs = await peers();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "nodes.json"), JSON.stringify(inventory(lab, nodes)));
  writeFileSync(join(folder, "inventory.py"), inventoryFile);
  writeFileSync(join(folder, "deploy.py"), deployFile);
  return async () => {
    const words = ["-y", "--parallel", String(nodes.length), "inventory.py", "deploy.py"];
    const run = await measure(join(programs, "pyinfra"), words, { cwd: folder });
    return run.seconds;
  };
}

function inventory(lab: Lab, nodes: readonly PlacedNode[]) {
  const runs = runsOf(nodes);
  return nodes.map((node) => [
    node.address,
    {
      ssh_user: "root",
      ssh_key: lab.privateKeyFile,
      ssh_known_hosts_file: lab.knownHostsFile,
      ssh_strict_host_key_checking: "yes",
      files: filesOf(node),
      network: [
        `link set dev ${bridge} up`,
        `address replace ${bridgeAddress(node)} dev ${bridge}`,
        ...routesOf(node, runs).map(routeLine),
      ].join("\n"),
    },
  ]);
}

const inventoryFile = `import json

nodes = [(name, data) for name, data in json.load(open("nodes.json"))]
`;

const deployFile = `from io import StringIO

from pyinfra import host
from pyinfra.operations import files, server

for file in host.data.files:
    files.put(name=file["path"], src=StringIO(file["content"]), dest=file["path"], mode="644")
server.shell(
    name="sysctls, bridge, address and routes",
    commands=[
        "sysctl -q -p /etc/sysctl.d/90-podnet-bench.conf",
        "[ -e /sys/class/net/${bridge} ] || ip link add name ${bridge} type bridge stp_state 0 forward_delay 0",
        "ip -batch - <<'END'\\n" + host.data.network + "\\nEND",
    ],
)
`;
