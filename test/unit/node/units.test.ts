import { describe, expect, test } from "vitest";
import { stepLines } from "../../../components/node/batch";
import { driftOf } from "../../../components/node/drift";
import type { Facts } from "../../../components/node/facts";
import { sha256 } from "../../../components/node/kinds/file";
import { byIdentity, stateItems } from "../../../components/node/manifest";
import { parseFacts } from "../../../components/node/parse-facts";
import { plan } from "../../../components/node/plan";
import { residue } from "../../../components/node/residue";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { emptyFacts } from "./world";

const content = "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n";
const path = "/etc/systemd/system/x.service";
type Unit = NonNullable<NodeStateInput["units"]>[number];
const items = (unit: Partial<Unit>) => stateItems(nodeState.parse({ units: [{ name: "x.service", ...unit }] }));

/** @param file what lies in /etc/systemd/system: content, or "link" */
function node(unit: { known: boolean; enabled?: boolean; active?: boolean }, file?: string): Facts {
  const facts = emptyFacts();
  facts.units.set("x.service", { enabled: false, active: false, ...unit });
  const plain = { mode: "0644", uid: 0, gid: 0 };
  if (file === "link") facts.paths.set(path, { ...plain, type: "other", sha256: null });
  else if (file !== undefined) facts.paths.set(path, { ...plain, type: "file", sha256: sha256(file) });
  return facts;
}
const planned = (unit: Partial<Unit>, facts: Facts, manifest?: Parameters<typeof plan>[0]["manifest"]) =>
  plan({ items: items(unit), manifest, facts, adopt: true });
const lines = (steps: Parameters<typeof stepLines>[0]) =>
  stepLines(steps, { owner: "o", contents: new Map() }, "undo").map((line) => line.replace(/ \|\| (keep|note) .*/, ""));

describe("a unit that is switched off", () => {
  const off = { enabled: false, active: false };
  test.each([
    ["is there and off", node({ known: true })],
    ["is not there at all", node({ known: false })],
    ["is masked", node({ known: true }, "link")],
  ])("is as wanted when it %s", (_, facts) => {
    expect(planned(off, facts).steps).toEqual([]);
    expect(driftOf(byIdentity(items(off)), facts)).toEqual([]);
  });

  test("is stopped and disabled, and comes back as it was", () => {
    const { steps, undo } = planned(off, node({ known: true, enabled: true, active: true }));
    expect(lines(steps)).toEqual(["{ systemctl disable 'x.service'; }", "{ systemctl stop 'x.service'; }"]);
    expect(lines(undo)).toEqual(["{ systemctl enable 'x.service'; }", "{ systemctl restart 'x.service'; }"]);
  });
});

describe("a unit file over the distribution's own unit", () => {
  const before = node({ known: true, enabled: true, active: true });
  const made = planned({ content }, before);

  test("goes on the way back, and the distribution's unit runs as before", () => {
    const back = lines(made.undo);
    expect(back[0]).toBe("{ systemctl disable 'x.service' 2>/dev/null; true; }");
    expect(back[1]).toContain(`rm -f '${path}'`);
    expect(back.slice(2)).toEqual([
      "{ systemctl daemon-reload; }",
      "{ systemctl enable 'x.service'; }",
      "{ systemctl restart 'x.service'; }",
    ]);
  });

  test("that was left behind shows as a residue", () => {
    const owned = byIdentity(items({ content }));
    const removal = plan({
      items: [],
      manifest: {
        ...{ version: 1, owner: "o", node: "n", change: "c", derived: [], origins: made.origins },
        state: nodeState.parse({ units: [{ name: "x.service", content }] }),
      },
      facts: node({ known: true, enabled: true, active: true }, content),
      adopt: false,
    });
    expect(removal.steps).toHaveLength(1);
    expect(residue(removal.steps, before, owned)).toEqual([]);
    expect(residue(removal.steps, node({ known: true, enabled: true, active: true }, content), owned)).toHaveLength(1);
  });

  test("is not somebody else's to remove when the unit is only switched", () => {
    const facts = node({ known: true }, "somebody's");
    const { steps, undo } = planned({}, facts);
    expect([...lines(steps), ...lines(undo)].join("\n")).not.toMatch(/rm -f|daemon-reload/);
  });
});

test.each([
  ["a unit file in its place", { content }],
  ["enabling it", {}],
])("a masked or linked unit cannot be put back: %s is irreversible", (_, unit) => {
  expect(planned(unit, node({ known: true }, "link")).irreversible).toEqual([
    `${path} is not a plain file (a masked or linked unit)`,
  ]);
});

test("a unit is known by each of its names", () => {
  const shown = "Names=ssh.service sshd.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n\n";
  const none = "Names=none.service\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n";
  const { units } = parseFacts(`@@podnet units\n${shown}${none}@@podnet end\n`);
  const on = { known: true, enabled: true, active: true };
  expect([units.get("ssh.service"), units.get("sshd.service"), units.get("none.service")?.known]).toEqual([
    on,
    on,
    false,
  ]);
});
