import type { InventoryInput } from "../../../components/inventory";
import { settingsProblems, settingsWarnings } from "../../../components/openvswitch/check";
import { complete } from "../../../components/openvswitch/complete";
import { type OpenVSwitchArgs, openVSwitchSettings } from "../../../components/openvswitch/settings";
import { reader } from "../reader";

/** Settings as a test writes them: the inventory in place. */
export type Written = Omit<OpenVSwitchArgs, "nodes"> & { nodes: InventoryInput };

export const { read, refusal, warnings } = reader<Written, typeof openVSwitchSettings, ReturnType<typeof complete>>(
  {
    type: "OpenVSwitch",
    schema: openVSwitchSettings,
    problems: settingsProblems,
    complete,
    warnings: settingsWarnings,
  },
  "fabric",
);

/** Three hosts in one segment, whose NIC is named. */
export const rack: InventoryInput = {
  segments: { a: { subnets: ["198.18.0.0/22"] } },
  nodes: {
    node1: { connection: { host: "198.18.0.11" }, nic: "eth0" },
    node2: { connection: { host: "198.18.0.12" }, nic: "eth0" },
    node3: { connection: { host: "198.18.0.13" }, nic: "eth0" },
  },
};
