import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { networks, shared } from "../unit/network-nodes/networks";
import { Stack } from "./stack";

// Which network a cluster has is one line of a stack. Each is previewed by the real engine and this repository's own
// program; nodes and API server count who comes.

const dist = join(__dirname, "../../dist");
const ownProgram = `module.exports = require(${JSON.stringify(join(dist, "stacks/index.js"))});\n`;
const twoNetworks = `
const { readFileSync } = require("node:fs");
const podnet = require(${JSON.stringify(join(dist, "components"))});
const { nodes, made } = JSON.parse(readFileSync(__dirname + "/wanted.json", "utf8"));
for (const { component, name, args } of made) new podnet[component](name, { ...args, nodes: podnet.Inventory.of(nodes) });
`;

let stack: Stack;
let visits = 0;
const servers: Server[] = [];
const hosts = ["127.0.0.2", "127.0.0.3"];
let port = 0;

beforeAll(async () => {
  stack = await Stack.create();
  for (const host of hosts) {
    const server = createServer((socket) => {
      visits += 1;
      socket.destroy();
    });
    await new Promise<void>((ready) => void server.listen(port, host, ready));
    ({ port } = server.address() as AddressInfo);
    servers.push(server);
  }
  writeFileSync(join(stack.folder, "kubeconfig"), kubeconfig());
});
afterAll(() => {
  for (const server of servers) server.close();
  stack?.remove();
});
afterEach(() => expect(visits).toBe(0));

/** A cluster whose API server is one of those that count. */
function kubeconfig(): string {
  const server = `https://${hosts[0]}:${port}`;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "test", user: { token: "none" } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  });
}

const connection = (host: string) => ({ host, port, key: { file: "/nowhere" }, hostKey: { onFirstUse: true } });
const inventory = () => ({
  segments: { rack: { subnets: ["127.0.0.0/24"], routers: ["127.0.0.1"] } },
  nodes: Object.fromEntries(
    hosts.map((host, index) => [`node${index + 1}`, { connection: connection(host), nic: "eth0" }]),
  ),
});

/** A bridge has no services of its own. */
const common = (type: string) => {
  const { name, podCidr, serviceCidr } = shared;
  return { name, podCidr, ...(type !== "bridge" && { serviceCidr }) };
};

/** What each must know of these nodes: Felix leaves SSH open where it is, which is no usual port here. */
function least(type: string): Record<string, unknown> {
  const felix = { failsafe: { inbound: [22, 179, 2379, 2380, 5473, 6443, port].map((one) => `tcp/${one}`) } };
  return { ...networks[type]?.least, ...(["calico", "canal"].includes(type) && { felix }) };
}

const types = Object.keys(networks);

describe("a stack of which one line says which network", () => {
  test.each(types)("previews %s: the record, each node, and nobody is asked", async (type) => {
    const network = { type, ...common(type), ...least(type) };
    writeFileSync(join(stack.folder, "program.js"), ownProgram);
    const config = {
      "podnet:inventory": inventory(),
      "podnet:kubeconfig": join(stack.folder, "kubeconfig"),
      "podnet:network": network,
    };
    writeFileSync(join(stack.folder, "Pulumi.test.yaml"), stringify({ config }));
    const { code, output } = await stack.run("preview", "--json");
    expect(code, output).toBe(0);
    const { steps } = JSON.parse(output.slice(output.indexOf("{\n"))) as {
      steps: { op: string; newState: { type: string; urn: string } }[];
    };
    const made = steps.map(({ op, newState }) => `${op} ${newState.type} ${newState.urn.split("::").at(-1)}`);
    expect(made).toContain(`create podnet:index:${networks[type]?.component} pods`);
    for (const one of ["NetworkRecord pods", "NodeState pods-node1", "NodeState pods-node2"])
      expect(made).toContain(`create podnet:index:${one}`);
    const hasDaemons = made.some((one) => /create kubernetes:apps\/v1:DaemonSet /.test(one));
    // Those attach pods by plugins on the nodes, with nothing that Kubernetes starts.
    expect(hasDaemons).toBe(!["bridge", "linen", "romana"].includes(type));
  });
});

describe("a second network on a cluster that has one", () => {
  // Each beside the next: every one is once the first and once the second.
  test.each(types.map((type, index) => [type, types[(index + 1) % types.length] as string]))(
    "%s and then %s: is refused by name, and nothing is touched",
    async (first, second) => {
      const made = [first, second].map((type, index) => {
        const { name: _, ...args } = common(type);
        return {
          component: networks[type]?.component,
          name: ["one", "two"][index],
          args: { ...args, ...least(type) },
        };
      });
      writeFileSync(join(stack.folder, "program.js"), twoNetworks);
      writeFileSync(join(stack.folder, "wanted.json"), JSON.stringify({ nodes: inventory(), made }));
      const { code, output } = await stack.run("preview");
      expect(code).not.toBe(0);
      expect(output).toContain(`${networks[second]?.component} "two": `);
      expect(output).toMatch(/the network "one", on node1, node2 too/);
      expect(output).not.toMatch(/at new |node:internal/);
    },
  );
});
