import type { FlannelSettings } from "./complete";

/** flanneld's options that are the same in Kubernetes and on hosts; those at flanneld's own default are left out. */
export function flags(settings: FlannelSettings): string[] {
  const { masquerade, randomPorts, rulesResyncSeconds, forwardRules, blackholeRoute, iface } = settings;
  return [
    ...(masquerade ? ["--ip-masq"] : []),
    ...(masquerade && !randomPorts ? ["--ip-masq-fully-random-disable"] : []),
    ...(rulesResyncSeconds === 5 ? [] : [`--iptables-resync=${rulesResyncSeconds}`]),
    ...(forwardRules ? [] : ["--iptables-forward-rules=false"]),
    ...(blackholeRoute ? ["--ip-blackhole-route"] : []),
    ...(iface.names ?? []).map((name) => `--iface=${name}`),
    ...(iface.regex === undefined ? [] : [`--iface-regex=${iface.regex}`]),
    ...(iface.canReach === undefined ? [] : [`--iface-can-reach=${iface.canReach}`]),
  ];
}
