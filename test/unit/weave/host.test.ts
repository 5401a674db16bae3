import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { hosts } from "../../../components/weave/host";
import { markOf, passwordFile } from "../../../components/weave/password";
import { casesIn, golden } from "../golden";
import { rack, read, type Written } from "./read";

/** With the texts where the component has Pulumi outputs. */
function render(written: Written): Record<string, NodeStateInput> {
  const password = { file: "the password's file", marked: (text: string) => `${text}# password 0f\n` };
  return hosts(read(written), written.password === undefined ? undefined : password);
}
const fileOf = (state: NodeStateInput | undefined, part: string) =>
  state?.files?.find(({ path }) => path.includes(part))?.content ?? "";
const unitOf = (state: NodeStateInput | undefined, part: string) =>
  state?.units?.find(({ name }) => name.includes(part))?.content ?? "";

test.each(casesIn<Written>(join(__dirname, "hosts")))("$name: settings in, the first node's state out", (one) => {
  const state = render(one.settings).node1 as NodeStateInput;
  expect(nodeState.safeParse(state).error).toBeUndefined();
  const { got, expected } = golden(one, [state]);
  expect(got).toBe(expected);
});

test("a node's state does not grow with the cluster, in any way of running", () => {
  for (const mode of ["kubernetes", "docker"] as const) {
    const first = (count: number) => JSON.stringify(render({ mode, nodes: rack(count), connectionLimit: 500 }).node1);
    expect(first(400)).toBe(first(4));
  }
});

describe("on hosts", () => {
  const written: Written = { mode: "docker", nodes: rack(3) };

  test("each node is a peer of its own name, whatever its machine-id is", () => {
    const states = Object.values(render(written)).map((state) => /--name=(\S+)/.exec(unitOf(state, "weave"))?.[1]);
    expect(states).toEqual(["02:00:c6:12:00:0b", "02:00:c6:12:00:0c", "02:00:c6:12:00:0d"]);
  });

  test("the password is in a file of its own alone, and another one starts weave again", () => {
    const state = render({ ...written, password: "of the door" }).node1;
    expect(state?.files?.find(({ content }) => content === "the password's file")).toMatchObject({ mode: "0600" });
    expect(JSON.stringify(state)).not.toContain("of the door");
    expect(unitOf(state, "weave")).toMatch(
      /EnvironmentFile=\/etc\/podnet\/pods-weave-password\.env[\s\S]*# password 0f/,
    );
  });

  test("a password reaches weave as it is, whatever is in it", () => {
    const folder = mkdtempSync(join(tmpdir(), "podnet-weave-"));
    writeFileSync(join(folder, "env"), passwordFile('a "b" \\c $d `e`'));
    expect(execFileSync("sh", ["-c", `. ${folder}/env; printf %s "$WEAVE_PASSWORD"`], { encoding: "utf8" })).toBe(
      'a "b" \\c $d `e`',
    );
    rmSync(folder, { recursive: true });
  });

  test("a mark is another for another password and another network, and is not the password", () => {
    const marks = [markOf("pods", "one"), markOf("pods", "two"), markOf("other", "one")];
    expect(new Set(marks).size).toBe(3);
    expect(markOf("pods", "one")).toBe(marks[0]);
  });
});

describe("the look at a node's routes", () => {
  const script = fileOf(render({ nodes: rack(1) }).node1, "range.sh");
  const look = (routes: string) => {
    const folder = mkdtempSync(join(tmpdir(), "podnet-weave-"));
    writeFileSync(join(folder, "ip"), `#!/bin/sh\ncat <<'END'\n${routes}\nEND\n`, { mode: 0o755 });
    const { status, stderr } = spawnSync("sh", [], {
      input: script,
      encoding: "utf8",
      env: { PATH: `${folder}:${process.env.PATH}` },
    });
    rmSync(folder, { recursive: true });
    return status === 0 ? "free" : stderr;
  };

  test.each([
    ["none", "default via 198.18.0.1 dev eth0\n198.18.0.0/22 dev eth0 proto kernel scope link src 198.18.0.11"],
    [
      "Weave's own",
      "10.32.0.0/12 dev weave proto kernel scope link src 10.40.0.1\nlocal 10.40.0.1 dev weave table local",
    ],
    [
      "those right beside it",
      "10.31.255.0/24 dev eth1\n10.48.0.0/16 via 198.18.0.1 dev eth0\nlocal 127.0.0.0/8 dev lo",
    ],
  ])("passes with %s", (_, routes) => {
    expect(look(routes)).toBe("free");
  });

  test.each([
    ["inside", "10.40.3.0/24 via 198.18.0.1 dev eth0"],
    ["around it", "10.0.0.0/8 via 198.18.0.1 dev eth0"],
    ["its last address", "10.47.255.255 dev tun0 scope link"],
    ["thrown away", "blackhole 10.32.0.0/16"],
  ])("fails with one %s, and names it", (_, route) => {
    expect(look(`default via 198.18.0.1 dev eth0\n${route}`)).toContain(`a route leads into 10.32.0.0/12: ${route}`);
  });
});

describe("the clean-up", () => {
  const script = fileOf(render({ nodes: rack(1) }).node1, "clean.sh");
  const programs = [...script.matchAll(/awk '([^']*)'/g)].map((match) => match[1] as string);

  test("waits for weaver and weave-npc, and is a script", () => {
    expect(script.indexOf("weaver|weave-npc")).toBeLessThan(script.indexOf("WEAVE"));
    expect(() => execFileSync("sh", ["-n"], { input: script })).not.toThrow();
  });

  test("its text is the same in every release, and it does nothing while the unit is enabled", () => {
    expect(script.split("\n")[2]).toContain("!= disabled ]; then exit 0");
  });

  test("Weave's chains, what leads there and its rules in chains of others go, and nothing else", () => {
    const program = programs.find((one) => one.includes("COMMIT")) as string;
    const saved = [
      "*filter",
      ":FORWARD ACCEPT [0:0]",
      ":WEAVE-NPC - [0:0]",
      ":WEAVERS - [0:0]",
      "-A INPUT -i weave -j WEAVE-NPC-EGRESS",
      "-A FORWARD -o weave -m state --state NEW -j NFLOG --nflog-group 86",
      "-A FORWARD -i weave ! -o weave -j ACCEPT",
      "-A FORWARD -i weave0 -j ACCEPT",
      "-A FORWARD -j WEAVERS",
      "-A OUTPUT ! -p esp -m policy --dir out --pol none -m mark --mark 0x20000/0x20000 -j DROP",
      "-A OUTPUT -m mark --mark 0x20000/0x20000 -j ACCEPT",
      "-A WEAVE-NPC -m state --state RELATED,ESTABLISHED -j ACCEPT",
      "COMMIT",
      "*nat",
      ":WEAVE - [0:0]",
      "-A POSTROUTING -j WEAVE",
      "COMMIT",
      "",
    ].join("\n");
    expect(execFileSync("awk", [program], { input: saved, encoding: "utf8" }).trimEnd().split("\n")).toEqual([
      "*filter",
      "-D INPUT -i weave -j WEAVE-NPC-EGRESS",
      "-D FORWARD -o weave -m state --state NEW -j NFLOG --nflog-group 86",
      "-D FORWARD -i weave ! -o weave -j ACCEPT",
      "-D OUTPUT ! -p esp -m policy --dir out --pol none -m mark --mark 0x20000/0x20000 -j DROP",
      "-F WEAVE-NPC",
      "-X WEAVE-NPC",
      "COMMIT",
      "*nat",
      "-D POSTROUTING -j WEAVE",
      "-F WEAVE",
      "-X WEAVE",
      "COMMIT",
    ]);
  });

  test("IPsec under Weave's mark goes, and that of others between the same nodes stays", () => {
    const program = programs.find((one) => one.includes("xfrm")) as string;
    const listed = [
      "src 198.18.0.11/32 dst 198.18.0.12/32 proto udp",
      "\tdir out priority 0",
      "\tmark 0x20000/0x20000",
      "\ttmpl src 198.18.0.11 dst 198.18.0.12",
      "\t\tproto esp spi 0x85d5a9c6 reqid 0 mode transport",
      "src 198.18.0.11/32 dst 198.18.0.13/32",
      "\tdir out priority 367231",
      "\ttmpl src 198.18.0.11 dst 198.18.0.13",
      "\t\tproto esp reqid 1 mode tunnel",
      "src 198.18.0.11 dst 198.18.0.12",
      "\tproto esp spi 0x85d5a9c6 reqid 0 mode transport",
      "src 198.18.0.12 dst 198.18.0.11",
      "\tproto esp spi 0x9c685d5a reqid 0 mode transport",
      "src 198.18.0.12 dst 198.18.0.11",
      "\tproto esp spi 0xc0000001 reqid 7 mode transport",
      "src 198.18.0.11 dst 198.18.0.13",
      "\tproto esp spi 0xc0000002 reqid 0 mode transport",
      "",
    ].join("\n");
    const made = execFileSync("awk", [program], { input: listed, encoding: "utf8" }).trimEnd().split("\n");
    const ending = "proto udp dir out mark 0x20000 mask 0x20000";
    expect([...new Set(made)].sort()).toEqual([
      `ip xfrm policy delete src 198.18.0.11/32 dst 198.18.0.12/32 ${ending}`,
      "ip xfrm state delete src 198.18.0.11 dst 198.18.0.12 proto esp spi 0x85d5a9c6",
      "ip xfrm state delete src 198.18.0.12 dst 198.18.0.11 proto esp spi 0x9c685d5a",
    ]);
  });
});
