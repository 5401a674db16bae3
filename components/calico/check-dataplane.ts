import type { Problem } from "../addresses/problem";
import type { CalicoSettings } from "./complete";
import { since } from "./version";

/** What the way that Felix writes its rules needs, and what is only said of another. */
export function dataplaneProblems({ dataplane, apiServer, version, agent, felix }: CalicoSettings): Problem[] {
  const path = "dataplane";
  if (dataplane === "nftables")
    return [
      ...(since(version, "3.29.0")
        ? []
        : [
            {
              path,
              value: dataplane,
              rule: "the nftables dataplane came with v3.29",
              fix: "take iptables, or a later version",
            },
          ]),
      ...(felix.iptablesBackend !== "Auto"
        ? [{ path: "felix.iptablesBackend", rule: "the dataplane is nftables", fix: "leave it out" }]
        : []),
      ...needlessBpf(dataplane, felix),
    ];
  if (dataplane !== "bpf") return needlessBpf(dataplane, felix);
  return [
    ...(felix.bpf?.externalServiceMode === "Tunnel" && felix.bpf.dsrOptOutCidrs.length > 0
      ? [
          {
            path: "felix.bpf.dsrOptOutCidrs",
            value: felix.bpf.dsrOptOutCidrs.join(", "),
            rule: 'nobody is answered straight, and externalServiceMode is "Tunnel"',
            fix: 'leave it out, or say externalServiceMode: "DSR"',
          },
        ]
      : []),
    ...(apiServer
      ? []
      : [
          {
            path: "apiServer",
            rule: "eBPF does kube-proxy's work, and needs the API server's own address to begin with",
            fix: 'say apiServer: { host: "192.0.2.10" }',
          },
        ]),
    ...(agent.type === "felix"
      ? [
          {
            path,
            value: dataplane,
            rule: "the felix agent's binary is built without eBPF",
            fix: 'take agent: { type: "calico-node" }',
          },
        ]
      : []),
  ];
}

function needlessBpf(dataplane: string, { bpf }: CalicoSettings["felix"]): Problem[] {
  if (bpf === undefined) return [];
  const rule = `felix.bpf is set, and the dataplane is ${dataplane}`;
  return [{ path: "felix.bpf", rule, fix: 'leave it out, or say dataplane: "bpf"' }];
}
