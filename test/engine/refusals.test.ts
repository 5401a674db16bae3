import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { Stack } from "./stack";

/** This repository's own program, as `pulumi preview` runs it, on nodes that count who comes. */
let stack: Stack;
let visits = 0;
const servers: Server[] = [];

const hosts = ["127.0.0.2", "127.0.0.3"];
let port = 0;

const ownProgram = `module.exports = require(${JSON.stringify(join(__dirname, "../../dist/stacks/index.js"))});\n`;

beforeAll(async () => {
  stack = await Stack.create();
  writeFileSync(join(stack.folder, "program.js"), ownProgram);
  for (const host of hosts) {
    const server = createServer((socket) => {
      visits += 1;
      socket.destroy();
    });
    await new Promise<void>((ready) => void server.listen(port, host, ready));
    ({ port } = server.address() as AddressInfo);
    servers.push(server);
  }
});
afterAll(() => {
  for (const server of servers) server.close();
  stack?.remove();
});
afterEach(() => expect(visits).toBe(0));

const connection = (host: string) => ({ host, port, key: { file: "/nowhere" }, hostKey: { onFirstUse: true } });
const twoNodes = () => ({
  segments: { rack: { subnets: ["127.0.0.0/24"], routers: ["127.0.0.1"] } },
  nodes: Object.fromEntries(hosts.map((host, index) => [`node${index + 1}`, { connection: connection(host) }])),
});

async function preview(
  network: Record<string, unknown>,
  inventory: string | object = twoNodes(),
  otherStacks: string[] = [],
  ...words: string[]
) {
  const config = {
    "podnet:inventory": inventory,
    "podnet:network": { type: "bridge", ...network },
    "podnet:otherStacks": otherStacks,
  };
  writeFileSync(join(stack.folder, "Pulumi.test.yaml"), stringify({ config }));
  const { code, output } = await stack.run("preview", ...words);
  return { code, output, problems: [...output.matchAll(/✖ (.*)/g)].map(([, rule]) => rule) };
}

function expectRefused({ code, output }: { code: number | null; output: string }): void {
  expect(code).not.toBe(0);
  expect(output).not.toMatch(/^\s+at .*[:(]\d+|node_modules|UserError/m);
}

describe("bad input is refused at preview, in one message, without a connection", () => {
  test("every problem of a network", async () => {
    const refused = await preview({
      podCidr: "10.244.0.0/24",
      nodePrefix: { ipv4: 24 },
      serviceCidr: "10.244.0.128/25",
      otherRanges: { "stack rack2": "10.0.0.0/8", lab: "127.0.0.0/8" },
      bridge: "a-name-of-sixteen",
      bridg: "br0",
      mtu: 9000,
    });
    expectRefused(refused);
    expect(refused.problems.sort()).toEqual(
      [
        "a device name has 1 to 15 letters, digits and characters of _.@+-",
        'unknown option "bridg"; did you mean "bridge"?',
        "podCidr 10.244.0.0/24 overlaps serviceCidr 10.244.0.128/25",
        "podCidr 10.244.0.0/24 overlaps otherRanges.stack rack2 10.0.0.0/8",
        "serviceCidr 10.244.0.128/25 overlaps otherRanges.stack rack2 10.0.0.0/8",
        "packets of 9000 bytes do not fit the NIC of node1, node2, which carries 1500",
        expect.stringMatching(/10\.244\.0\.0\/24 (holds|has) .*1/),
      ].sort(),
    );
    expect(refused.output).toContain('BridgeNetwork "pods": 7 problems');
  });

  describe("pods of another stack", () => {
    beforeAll(async () => {
      await stack.must("stack", "init", "rack2", "--no-select");
      await stack.must("stack", "init", "rack3", "--no-select");
      writeFileSync(join(stack.folder, "program.js"), 'module.exports = { podCidr: ["10.244.0.0/20"] };');
      await stack.must("up", "--stack", "rack2", "--yes", "--skip-preview");
      writeFileSync(join(stack.folder, "program.js"), ownProgram);
    });

    test("that has the same addresses", async () => {
      const refused = await preview({ podCidr: "10.244.0.0/16" }, twoNodes(), ["rack2"]);
      expectRefused(refused);
      expect(refused.problems).toEqual(["podCidr 10.244.0.0/16 overlaps otherRanges.stack rack2 10.244.0.0/20"]);
    });

    test("that has others", async () => {
      expect((await preview({ podCidr: "10.245.0.0/16" }, twoNodes(), ["rack2"])).code).toBe(0);
    });

    test("that has never been made", async () => {
      const refused = await preview({ podCidr: "10.244.0.0/16" }, twoNodes(), ["rack3"]);
      expectRefused(refused);
      expect(refused.problems).toEqual(["the stack rack3 has no output podCidr"]);
    });
  });

  test("pods in the nodes' own network", async () => {
    const refused = await preview({ podCidr: "127.0.0.0/16" });
    expectRefused(refused);
    expect(refused.problems).toEqual(["podCidr 127.0.0.0/16 overlaps segment rack 127.0.0.0/24"]);
  });

  test("a node's subnet that has no room for pods", async () => {
    const refused = await preview({ podCidr: "10.244.0.0/16", nodePrefix: { ipv4: 31 } });
    expectRefused(refused);
    expect(refused.output).toContain("nodePrefix.ipv4");
  });

  test("every problem of an inventory: an address and a login twice, a segment that is not there", async () => {
    const nodes = { ...twoNodes().nodes, node3: { connection: connection("127.0.0.2"), segment: "cellar" } };
    const refused = await preview({ podCidr: "10.244.0.0/16" }, { ...twoNodes(), nodes });
    expectRefused(refused);
    expect(refused.problems).toEqual(
      expect.arrayContaining([
        'node3 is in the segment "cellar", which is not described',
        "node3 has the address 127.0.0.2, which node1 has too",
        `node3 has the SSH endpoint 127.0.0.2:${port}, which node1 has too`,
      ]),
    );
  });

  test("a node that is listed twice", async () => {
    const file = join(stack.folder, "rack.yaml");
    writeFileSync(
      file,
      "nodes:\n  node1: { connection: { host: 127.0.0.2 } }\n  node1: { connection: { host: 127.0.0.3 } }\n",
    );
    const refused = await preview({ podCidr: "10.244.0.0/16" }, file);
    expectRefused(refused);
    expect(refused.output).toMatch(/Map keys must be unique at line 3[\s\S]*node1/);
  });

  test("settings that name no network, or one that is not there", async () => {
    const refused = await preview({ type: "brigde", podCidr: "10.244.0.0/16" });
    expectRefused(refused);
    expect(refused.problems).toEqual(['there is no network of type "brigde"']);
  });
});

test("good input is previewed without a connection too", async () => {
  const { code, output } = await preview({ podCidr: "10.244.0.0/16", serviceCidr: "10.96.0.0/12" });
  expect(output).toMatch(/\+ \d+ to create/);
  expect(code).toBe(0);
});

test("flannel with etcd is previewed without a connection, and of its secrets nothing shows", async () => {
  const etcd = { endpoints: ["http://127.0.0.4:2379"], username: "flannel", password: "of the door" };
  const flannel = { type: "flannel", mode: "etcd", podCidr: "10.244.0.0/16", etcd };
  const { code, output } = await preview(flannel, twoNodes(), [], "--diff");
  expect(code).toBe(0);
  for (const type of ["EtcdKey", "AddressPlan", "NodeState", "Verification"])
    expect(output).toContain(`podnet:index:${type}`);
  // What is no secret is there to be read, also beside the one that is.
  expect(output).toContain("/etc/cni/net.d/10-flannel.conflist");
  expect(output).toMatch(/content: \[secret\]\s+mode\s+: "0600"/);
  expect(output).not.toContain("of the door");
});

describe("a baseline of policy", () => {
  const baseline = (policy: object, network?: object) => {
    const config = {
      ...(network && { "podnet:inventory": twoNodes(), "podnet:network": network }),
      "podnet:policy": { namespaces: { names: ["web"] }, ...policy },
    };
    writeFileSync(join(stack.folder, "Pulumi.test.yaml"), stringify({ config }));
    return stack.run("preview");
  };

  test("is refused with every problem at once", async () => {
    const { code, output } = await baseline({
      profil: "strict",
      namespaces: { labels: { team: "a" } },
      openings: { others: { db: { to: "10.0.0.1/8", ports: "5432" } } },
    });
    expectRefused({ code, output });
    const problems = [...output.matchAll(/✖ (.*)/g)].map(([, rule]) => rule);
    expect(problems.sort()).toEqual(
      [
        'unknown option "profil"; did you mean "profile"?',
        '"10.0.0.1/8" is an address inside 10.0.0.0/8; did you mean 10.0.0.0/8?',
        '"5432" is not a port with its protocol, as in tcp/443; did you mean tcp/5432?',
        "a NetworkPolicy stands in one namespace, and a preview asks no cluster which there are",
      ].sort(),
    );
  });

  test("of a cluster that exists is previewed alone, without a connection", async () => {
    const { code, output } = await baseline({ cni: "canal" });
    expect(code).toBe(0);
    expect(output).not.toMatch(/policy baseline in|nothing says which CNI/);
    expect(output).toContain("podnet:index:PolicyBaseline");
    // An audit applies nothing.
    expect(output).not.toContain("kubernetes:");
  });

  test("that the network cannot enforce is told, and refused where it must be", async () => {
    const network = { type: "bridge", podCidr: "10.244.0.0/16" };
    const told = await baseline({}, network);
    expect(told.code).toBe(0);
    expect(told.output).toContain(
      "policy baseline in web: the bridge plugin reads no policy: nothing of it is enforced",
    );
    const refused = await baseline({ profile: "strict" }, network);
    expectRefused(refused);
    expect(refused.output).toContain("take a CNI that enforces it, or another profile");
  });
});
