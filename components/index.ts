export { nicMtu } from "./addresses/mtu";
export { type NamedRange, type Overlap, overlaps } from "./addresses/overlap";
export { AddressPlan, type AddressPlanArgs } from "./addresses/resource";
export { BridgeNetwork, type BridgeNetworkArgs, type RouterRoute } from "./bridge";
export { CalicoNetwork, type CalicoNetworkArgs, Port, Selector } from "./calico";
export { CalicoHosts, type CalicoHostsArgs } from "./calico-hosts";
export { CanalNetwork, type CanalNetworkArgs } from "./canal";
export { ContivNetwork, type ContivNetworkArgs } from "./contiv";
export { UserError } from "./errors";
export { EtcdKey, type EtcdKeyArgs } from "./etcd";
export { FlannelNetwork, type FlannelNetworkArgs } from "./flannel";
export { FlowAudit, type FlowAuditArgs } from "./flow-audit";
export {
  type AnsibleOptions,
  Inventory,
  type InventoryInput,
  type InventoryNode,
  type SshHost,
} from "./inventory";
export { LinenNetwork, type LinenNetworkArgs } from "./linen";
export { NetmasterObject, type NetmasterObjectArgs } from "./netmaster";
export type { FirewallPort } from "./network-nodes/firewall";
export { NodeState, type NodeStateArgs } from "./node";
export type { ConnectionInput } from "./node/connection";
export type { NodeStateInput } from "./node/state";
export { NuageNetwork, type NuageNetworkArgs } from "./nuage";
export { OpenVSwitch, type OpenVSwitchArgs } from "./openvswitch";
export { OvnKubernetesNetwork, type OvnKubernetesNetworkArgs } from "./ovn-kubernetes";
export { Peer, PolicyBaseline, type PolicyBaselineArgs } from "./policy";
export { NetworkRecord, type NetworkRecordArgs } from "./record";
export { RomanaNetwork, type RomanaNetworkArgs } from "./romana";
export type { RoutedNetwork } from "./routes/settings";
export type { NetworkRoutes } from "./routes/within";
export { Verification, type VerificationArgs } from "./verification";
export { WeaveNetwork, type WeaveNetworkArgs } from "./weave";
