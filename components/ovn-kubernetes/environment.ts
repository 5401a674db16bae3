import { type EnvironmentVariable, values } from "../kubernetes/pod";
import type { OvnKubernetesSettings } from "./complete";

const flag = (value: boolean) => String(value);
/** What is off is left out: ovnkube.sh takes an empty value for it. */
const ifOn = (name: string, value: boolean) => (value ? { [name]: "true" } : {});
const ifAny = (name: string, list: readonly string[]) => (list.length > 0 ? { [name]: list.join(",") } : {});

/** Options of the gateway in the words of ovnkube's command line. */
export function gatewayOptions({ gateway }: Pick<OvnKubernetesSettings, "gateway">): string {
  const { interface: device, nextHop, vlanId } = gateway;
  return [
    `--gateway-interface=${device}`,
    ...(nextHop.length > 0 ? [`--gateway-nexthop=${nextHop.join(",")}`] : []),
    ...(vlanId === undefined ? [] : [`--gateway-vlanid=${vlanId}`]),
  ].join(" ");
}

/** What the cluster manager and every node must be told alike. */
export function shared(settings: OvnKubernetesSettings): EnvironmentVariable[] {
  const { features, subnets, ovn, logs, gateway } = settings;
  return values({
    OVNKUBE_LOGLEVEL: String(logs.level),
    OVNKUBE_LOGFILE_MAXSIZE: String(logs.fileMegabytes),
    OVNKUBE_LOGFILE_MAXBACKUPS: String(logs.files),
    OVNKUBE_LOGFILE_MAXAGE: String(logs.days),
    OVN_GATEWAY_MODE: gateway.mode,
    OVN_EGRESSIP_ENABLE: flag(features.egressIp),
    OVN_EGRESSIP_HEALTHCHECK_PORT: String(features.egressIpHealthPort),
    OVN_EGRESSSERVICE_ENABLE: flag(features.egressService),
    OVN_EGRESSFIREWALL_ENABLE: flag(features.egressFirewall),
    OVN_EGRESSQOS_ENABLE: flag(features.egressQos),
    OVN_ENABLE_MULTI_EXTERNAL_GATEWAY: flag(features.externalRoutes),
    OVN_ADMIN_NETWORK_POLICY_ENABLE: flag(features.adminNetworkPolicy),
    OVN_MULTI_NETWORK_ENABLE: flag(features.multiNetwork),
    OVN_ENABLE_PERSISTENT_IPS: flag(features.persistentIps),
    ...ifOn("OVN_MULTICAST_ENABLE", features.multicast),
    ...ifOn("OVN_HYBRID_OVERLAY_ENABLE", features.hybridOverlay.length > 0),
    ...ifAny("OVN_HYBRID_OVERLAY_NET_CIDR", features.hybridOverlay),
    OVN_V4_JOIN_SUBNET: subnets.joinIpv4,
    OVN_V6_JOIN_SUBNET: subnets.joinIpv6,
    OVN_V4_MASQUERADE_SUBNET: subnets.masqueradeIpv4,
    OVN_V6_MASQUERADE_SUBNET: subnets.masqueradeIpv6,
    OVN_V4_TRANSIT_SWITCH_SUBNET: subnets.transitIpv4,
    OVN_V6_TRANSIT_SWITCH_SUBNET: subnets.transitIpv6,
    OVN_ACL_LOGGING_RATE_LIMIT: String(ovn.aclLogsPerSecond),
    OVN_ENABLE_INTERCONNECT: "true",
    OVN_ENABLE_OVNKUBE_IDENTITY: flag(settings.identity.enabled),
  });
}

/** What only a node's ovnkube is told. */
export function ofNode(settings: OvnKubernetesSettings): EnvironmentVariable[] {
  const { ovn, flowExport, features } = settings;
  return values({
    OVN_GATEWAY_OPTS: gatewayOptions(settings),
    OVN_ENCAP_PORT: String(settings.encapPort),
    OVN_UNPRIVILEGED_MODE: settings.unprivileged ? "yes" : "no",
    OVN_REMOTE_PROBE_INTERVAL: String(ovn.remoteProbeMs),
    OVN_MONITOR_ALL: flag(ovn.monitorAll),
    OVN_OFCTRL_WAIT_BEFORE_CLEAR: String(ovn.clearWaitMs),
    OVN_ENABLE_LFLOW_CACHE: flag(ovn.flowCache),
    OVN_ENABLE_SVC_TEMPLATE_SUPPORT: flag(features.serviceTemplates),
    ...ifOn("OVN_DISABLE_SNAT_MULTIPLE_GWS", settings.keepAddressAtGateways),
    ...ifOn("OVN_DISABLE_FORWARDING", settings.restrictForwarding),
    ...ifOn("OVN_DISABLE_PKT_MTU_CHECK", !settings.checkPacketMtu),
    ...ifOn("OVN_EMPTY_LB_EVENTS", settings.emptyServiceEvents),
    ...ifAny("OVN_NETFLOW_TARGETS", flowExport.netflow),
    ...ifAny("OVN_SFLOW_TARGETS", flowExport.sflow),
    ...(flowExport.ipfix.length > 0 && {
      OVN_IPFIX_TARGETS: flowExport.ipfix.join(","),
      OVN_IPFIX_SAMPLING: String(flowExport.ipfixSampling),
      OVN_IPFIX_CACHE_MAX_FLOWS: String(flowExport.ipfixCacheMaxFlows),
      OVN_IPFIX_CACHE_ACTIVE_TIMEOUT: String(flowExport.ipfixCacheActiveSeconds),
    }),
  });
}

/** As ovnkube's --cluster-subnets has it: each range with the prefix of one node's part. */
export function clusterSubnets({ podCidr, nodePrefix }: OvnKubernetesSettings): string {
  return podCidr.map((cidr) => `${cidr}/${nodePrefix[cidr.includes(":") ? "ipv6" : "ipv4"]}`).join(",");
}
