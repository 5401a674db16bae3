import { join } from "node:path";
import { expect, test } from "vitest";
import { allocate } from "../../../components/addresses/plan";
import { pools } from "../../../components/linen/complete";
import { hosts } from "../../../components/linen/host";
import { objects } from "../../../components/linen/objects";
import { nodeState } from "../../../components/node/state";
import { casesIn, golden } from "../golden";
import { rack, read, star, type Written } from "./read";

function made(written: Written) {
  const settings = read(written);
  const nodes = settings.nodes.nodes.map(({ name }) => name);
  return hosts(settings, pools(settings).length > 0 ? allocate(undefined, { pools: pools(settings), nodes }) : {});
}

test.each(casesIn<Written>(join(__dirname, "cases")))(
  "$name: settings in, the nodes' states and objects out",
  (one) => {
    const states = made(one.settings);
    for (const state of Object.values(states)) expect(nodeState.safeParse(state).error).toBeUndefined();
    const documents = Object.entries(states).map(([node, state]) => ({ node, ...state }));
    const { got, expected } = golden(one, [...documents, ...objects(read(one.settings))]);
    expect(got).toBe(expected);
  },
);

const remotes = (written: Written, node: string) =>
  made(written)[node]?.openvswitch?.flatMap((row) =>
    row.table === "interface" && row.type === "vxlan" ? [row.options?.remote_ip] : [],
  );

test("the hub of a star has a tunnel to each node, and each node one to the hub", () => {
  const written: Written = { nodes: rack, topology: star };
  expect(remotes(written, "node1")).toEqual(["198.18.0.12", "198.18.0.13"]);
  expect(remotes(written, "node3")).toEqual(["198.18.0.11"]);
});

test("a mesh has one from each to each, and its bridges look for rings", () => {
  const written: Written = { nodes: rack, topology: { type: "mesh", spanningTree: "rstp" } };
  expect(remotes(written, "node2")).toEqual(["198.18.0.11", "198.18.0.13"]);
  expect(made(written).node2?.openvswitch?.[0]).toMatchObject({ rstp_enable: true });
});

test("a node that joins changes the hub and no other, and renumbers nobody", () => {
  const [two, three] = [2, 3].map((count) =>
    made({ nodes: { nodes: Object.fromEntries(Object.entries(rack.nodes).slice(0, count)) }, topology: star }),
  );
  expect(three?.node2).toEqual(two?.node2);
  expect(three?.node1?.files).toEqual(two?.node1?.files);
});

/** Upstream's examples and daemon, johnlin/linen-cni v0.1.1. */
test("what is not said is as upstream has it", () => {
  const { bridge, ovsBridge, mtu, podCidr, masquerade, cni } = read({ nodes: rack, topology: star });
  expect({ bridge, ovsBridge, mtu, podCidr, masquerade, version: cni.version, fileName: cni.fileName }).toEqual({
    bridge: "kbr0",
    ovsBridge: "br0",
    mtu: 1400,
    podCidr: ["10.244.0.0/16"],
    masquerade: true,
    version: "0.3.1",
    fileName: "linen.conflist",
  });
});

test("all that upstream leaves on a node is podnet's to take away", () => {
  const { node1 } = made({
    nodes: rack,
    topology: star,
    cni: { artifacts: { linen: { sha256: "0".repeat(64), url: "https://example.com/linen" } } },
  });
  expect(node1?.openvswitch?.[0]?.name).toBe("br0");
  expect(node1?.links?.map(({ name }) => name)).toEqual(["kbr0", "br0"]);
  expect(node1?.files?.map(({ path }) => path)).toContain("/etc/cni/net.d/linen.conflist");
  expect(node1?.artifacts?.map(({ path }) => path)).toEqual(["/opt/cni/bin/linen"]);
  expect(node1?.directories).toContainEqual({ path: "/var/lib/cni/networks/pods", purge: true });
});
