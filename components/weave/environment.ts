import { values } from "../kubernetes/pod";
import type { KubernetesSettings, WeaveSettings } from "./complete";

/** weaver's own settings; those at Weave's default are left out, but for what others are worked out from. */
export function environment(settings: WeaveSettings) {
  const { podCidr, connectionLimit, mtu, transport, peers, ipamInit, exposeAddress, statusAddress } = settings;
  const { hostRoot, dbPrefix } = settings.kubernetes as KubernetesSettings;
  const words = [
    ...(settings.trustedSubnets.length > 0 ? [`--trusted-subnets=${settings.trustedSubnets.join(",")}`] : []),
    ...(transport.type === "awsvpc" ? ["--awsvpc"] : []),
    ...(settings.logLevel === "info" ? [] : [`--log-level=${settings.logLevel}`]),
    ...settings.extraArguments,
  ];
  const differing = {
    WEAVE_METRICS_ADDR: [settings.metricsAddress, "0.0.0.0:6782"],
    WEAVE_HTTP_ADDR: [settings.httpAddress, "127.0.0.1:6784"],
    NO_MASQ_LOCAL: [settings.keepClientAddress ? "1" : "0", "1"],
    EXPECT_NPC: [settings.policy ? "1" : "0", "1"],
    HAIRPIN_MODE: [String(settings.hairpin), "true"],
    HOST_ROOT: [hostRoot, "/host"],
    DB_PREFIX: [dbPrefix, "/weavedb/weave-net"],
  };
  return values({
    CHECKPOINT_DISABLE: "1",
    IPALLOC_RANGE: podCidr[0] as string,
    WEAVE_MTU: String(mtu),
    CONN_LIMIT: String(connectionLimit),
    ...(ipamInit !== undefined && { IPALLOC_INIT: ipamWord(ipamInit) }),
    ...(peers.length > 0 && { KUBE_PEERS: peers.join(" ") }),
    ...(transport.type === "sleeve" && { WEAVE_NO_FASTDP: "1" }),
    ...(exposeAddress !== undefined && { WEAVE_EXPOSE_IP: exposeAddress }),
    ...(statusAddress !== undefined && { WEAVE_STATUS_ADDR: statusAddress }),
    ...(settings.debug && { WEAVE_DEBUG: "1" }),
    ...Object.fromEntries(
      Object.entries(differing).flatMap(([name, [value, usual]]) => (value === usual ? [] : [[name, value]])),
    ),
    ...(words.length > 0 && { EXTRA_ARGS: words.join(" ") }),
  });
}

/** As weaver's --ipalloc-init has it. */
export function ipamWord(init: NonNullable<WeaveSettings["ipamInit"]>): string {
  if (init === "observer") return init;
  return "consensus" in init ? `consensus=${init.consensus}` : `seed=${init.seed.join(",")}`;
}

export function iptables({ iptablesBackend }: WeaveSettings) {
  return iptablesBackend === "auto" ? [] : values({ IPTABLES_BACKEND: iptablesBackend });
}

export function apiServer({ kubernetes }: WeaveSettings) {
  const { apiServer: server } = kubernetes as KubernetesSettings;
  return server ? values({ KUBERNETES_SERVICE_HOST: server.host, KUBERNETES_SERVICE_PORT: String(server.port) }) : [];
}
