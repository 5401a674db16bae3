import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { bridgeSettings } from "../../components/bridge/settings";
import { calicoHostsSettings } from "../../components/calico-hosts/settings";
import { contivSettings } from "../../components/contiv/settings";
import { flannelSettings } from "../../components/flannel/settings";
import { weaveSettings } from "../../components/weave/settings";

/** Settings that stand in a systemd unit as they are, by their path. */
const settings: [string, z.ZodType, string[]][] = [
  ["BridgeNetwork", bridgeSettings, ["cni.binaries", "cni.directory"]],
  ["FlannelNetwork", flannelSettings, ["etcd.subnetFile", "etcd.flanneld.path", "etcd.endpoints.0"]],
  ["ContivNetwork", contivSettings, ["hosts.binaries"]],
  ["WeaveNetwork", weaveSettings, ["hosts.weave.path", "hosts.docker", "hosts.configurations"]],
  [
    "CalicoHosts",
    calicoHostsSettings,
    [
      ...["felix", "calicoctl", "etcd", "bird", "docker"].map((program) => `programs.${program}`),
      ...["tls.ca", "tls.cert", "tls.key", "endpoints.0"].map((path) => `datastore.${path}`),
      "orchestrator.neutronDirectory",
    ],
  ],
];

const hostile = [
  "/opt/x'; reboot; '",
  '/opt/"x"',
  "/opt/a b",
  "/opt/$(reboot)",
  "/opt/%h",
  "/opt/a\\b",
  "/opt/x\nExecStartPre=/sbin/reboot",
  "/opt/x;reboot",
  "/opt/`reboot`",
];

/** Of a choice, which one has the fields. */
const types: Record<string, string> = { datastore: "etcd", orchestrator: "openstack" };

/** Settings that say nothing but this. */
function said([key = "", ...rest]: string[], value: string): unknown {
  const inner = rest.length > 0 ? said(rest, value) : value;
  if (/^\d+$/.test(key)) return [inner];
  return { [key]: key in types && rest.length > 0 ? { type: types[key], ...(inner as object) } : inner };
}

/** Whether the schema has something to say against this setting. */
function refused(schema: z.ZodType, path: string[], value: string): boolean {
  const issues = schema.safeParse(said(path, value)).error?.issues ?? [];
  return issues.some((issue) => issue.path.join(".") === path.join("."));
}

describe.each(settings)("what %s puts into a systemd unit", (_, schema, paths) => {
  test.each(paths)("%s is a path that no unit and no shell takes for more", (setting) => {
    const path = setting.split(".");
    const address = setting.includes("endpoints") ? "http://192.0.2.5:2379" : "";
    for (const value of hostile) expect([value, refused(schema, path, `${address}${value}`)]).toEqual([value, true]);
    expect(refused(schema, path, address || "/opt/my-programs/v1.2_x@y+z")).toBe(false);
  });
});
