import { expect, test } from "vitest";
import { hosts } from "../../../components/openvswitch/host";
import { rack, read, type Written } from "./read";

const written: Written = {
  nodes: rack,
  bridges: {
    br0: {
      controllers: { targets: "tcp:192.0.2.9:6653" },
      netflow: { targets: "192.0.2.9:2055" },
      sflow: { targets: "192.0.2.9:6343" },
      ipfix: { targets: "192.0.2.9:4739" },
      ports: {
        bond0: { type: "bond", interfaces: ["eth1", "eth2"], lacp: "active" },
        eth3: { type: "nic", bfd: {}, cfm: { mpid: { node1: 1, node2: 2, node3: 3 } } },
      },
      tunnels: { vx: { protocol: "vxlan" }, gn: { protocol: "geneve" } },
    },
  },
};

/** Numbers of ovs-vswitchd.conf.db(5), Open vSwitch 3.1, and of IANA: what is not said is as without podnet. */
test("what is not said is Open vSwitch's own default", () => {
  const settings = read(written);
  const rows = hosts(settings).node1?.openvswitch ?? [];
  const row = (table: string, name: string) => rows.find((one) => one.table === table && one.name === name);
  expect(row("bridge", "br0")).toEqual({
    table: "bridge",
    name: "br0",
    datapath_type: "system",
    fail_mode: "standalone",
    other_config: { "mac-aging-time": "300" },
  });
  expect(row("port", "bond0")).toMatchObject({
    bond_mode: "active-backup",
    bond_updelay: 0,
    bond_downdelay: 0,
    other_config: { "bond-rebalance-interval": "10000", "lacp-time": "slow" },
  });
  expect(row("interface", "eth3")).toMatchObject({
    bfd: { min_tx: "100", min_rx: "1000" },
    other_config: { cfm_interval: "1000" },
  });
  expect(row("netflow", "br0")).toMatchObject({ active_timeout: 600, add_id_to_interface: false });
  expect(row("sflow", "br0")).toMatchObject({ sampling: 400, polling: 30, header: 128 });
  expect(row("ipfix", "br0")).toMatchObject({ sampling: 400, obs_domain_id: 0, cache_max_flows: 0 });
  expect(row("controller", "br0")).toMatchObject({ inactivity_probe: 5000, max_backoff: 8000 });
  const portOf = (group: string) => settings.bridges.br0?.tunnels[group]?.port;
  expect([portOf("vx"), portOf("gn")]).toEqual([4789, 6081]);
});
