import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { casesIn, golden } from "../golden";
import { rack, type Written } from "./read";
import { renderHosts } from "./render";

test.each(casesIn<Written>(join(__dirname, "hosts")))("$name: settings in, the second node's state out", (one) => {
  const state = renderHosts(one.settings).node2 as NodeStateInput;
  expect(nodeState.safeParse(state).error).toBeUndefined();
  const { got, expected } = golden(one, [state]);
  expect(got).toBe(expected);
});

const routesOf = (written: Written, node: string) =>
  renderHosts(written)[node]?.routes?.map(({ to, via, count = 1 }) => `${to} via ${via} ×${count}`);

describe("routes as a part of nodes' state", () => {
  const podCidr = "10.244.0.0/16";
  test.each<[string, Written]>([
    ["beside Romana's programs", { legacy: true, podCidr, nodes: rack, routing: { type: "nodes" } }],
    ["without them", { attach: "cni", podCidr, nodes: rack }],
  ])("lead to each other node's subnet by its address, %s", (_, written) => {
    expect(routesOf(written, "node1")).toEqual(["10.244.1.0/24 via 198.18.0.12 ×2"]);
    expect(routesOf(written, "node2")).toEqual([
      "10.244.0.0/24 via 198.18.0.11 ×1",
      "10.244.2.0/24 via 198.18.0.13 ×1",
    ]);
  });

  test("are none of podnet's where Romana's agent makes them", () => {
    expect(routesOf({ legacy: true, nodes: rack }, "node1")).toEqual([]);
  });

  test("do not grow with the cluster", () => {
    const many = (count: number): Written => ({
      attach: "cni",
      nodes: {
        nodes: Object.fromEntries(
          Array.from({ length: count }, (_, index) => [
            `n${index}`,
            { connection: { host: `198.18.${index >> 7}.${(index % 128) + 1}` } },
          ]),
        ),
      },
    });
    const size = (count: number) => JSON.stringify(renderHosts(many(count)).n0).length;
    expect(size(300) - size(100)).toBeLessThan(500);
  });
});

test("an address of a service is given to its node alone, and by podnet only where the listener does not run", () => {
  const vips = { "web/front": { ip: "198.18.0.100", node: "node1" } };
  const addresses = (written: Written) =>
    Object.entries(renderHosts(written)).flatMap(([node, state]) =>
      (state.addresses ?? []).filter(({ device }) => device === "eth0").map(({ address }) => `${node} ${address}`),
    );
  expect(addresses({ legacy: true, nodes: rack, vips })).toEqual(["node1 198.18.0.100/32"]);
  expect(addresses({ attach: "cni", nodes: rack, vips })).toEqual(["node1 198.18.0.100/32"]);
  const old: Written = { legacy: true, policies: true, kubernetesVersion: "1.15", nodes: rack };
  expect(addresses({ ...old, vips: { "web/front": { ip: "198.18.0.100" } } })).toEqual([]);
});

describe("the clean-up", () => {
  const files = renderHosts({ legacy: true, nodes: rack }).node1?.files ?? [];
  const script = files.find(({ path }) => path.endsWith("clean.sh"))?.content ?? "";

  test("is a script, and does nothing while its unit is enabled", () => {
    expect(() => execFileSync("sh", ["-n"], { input: script })).not.toThrow();
    expect(script.split("\n")[2]).toContain("!= disabled ]; then exit 0");
  });

  test("takes chains of the agent's start and of its enforcer, and no others", () => {
    const programs = [...script.matchAll(/awk '([^']*)'/g)].map((match) => match[1] as string);
    const program = programs.find((one) => one.includes("COMMIT")) as string;
    const saved = [
      "*filter",
      ":ROMANA_FORWARD - [0:0]",
      ":ROMANA-FORWARD-IN - [0:0]",
      ":ROMANA-P-0123_X - [0:0]",
      ":ROMANAS - [0:0]",
      "-A FORWARD -j ROMANA_FORWARD",
      "-A FORWARD -i romana-+ -j ROMANA-FORWARD-IN",
      "-A FORWARD -j ROMANAS",
      "-A ROMANA-FORWARD-IN -j ROMANA-P-0123_X",
      "COMMIT",
      "",
    ].join("\n");
    expect(execFileSync("awk", [program], { input: saved, encoding: "utf8" }).trimEnd().split("\n")).toEqual([
      "*filter",
      "-D FORWARD -j ROMANA_FORWARD",
      "-D FORWARD -i romana-+ -j ROMANA-FORWARD-IN",
      "-F ROMANA_FORWARD",
      "-F ROMANA-FORWARD-IN",
      "-F ROMANA-P-0123_X",
      "-X ROMANA_FORWARD",
      "-X ROMANA-FORWARD-IN",
      "-X ROMANA-P-0123_X",
      "COMMIT",
    ]);
  });

  test("leaves etcd's data alone where the etcd is not Romana's", () => {
    expect(script).toContain("'/var/lib/romana/etcd-db'");
    const other = renderHosts({
      legacy: true,
      nodes: rack,
      programs: { etcd: { endpoints: ["http://192.0.2.5:2379"] } },
    });
    expect(JSON.stringify(other.node1)).not.toContain("/var/lib/romana/etcd-db");
  });
});
