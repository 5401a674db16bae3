import type { KubernetesObject } from "../kubernetes/object";
import { secretKey, secretVolume, values } from "../kubernetes/pod";
import { hostDaemonSet } from "../kubernetes/workload";
import type { ContivSettings } from "./complete";
import { accounts } from "./netplugin";
import { pulled } from "./pod";

/** The gateway that makes netmaster's groups and contracts in the fabric. The password is a Secret's, where upstream writes it into the pod. */
export function aciGateway(
  settings: ContivSettings,
  place: { namespace: string; labels: Record<string, string> },
): KubernetesObject[] {
  const { aci, images, pullPolicy } = settings;
  if (!aci) return [];
  const keys = secretVolume("keys", "aci.key", "/aciconfig");
  const said = values({
    APIC_URL: aci.url,
    APIC_USERNAME: aci.username,
    APIC_CERT_DN: aci.certificate?.dn ?? "",
    APIC_LEAF_NODE: aci.leafNodes.join(","),
    APIC_PHYS_DOMAIN: aci.physicalDomain,
    APIC_EPG_BRIDGE_DOMAIN: aci.bridgeDomain,
    APIC_CONTRACTS_UNRESTRICTED_MODE: aci.unrestrictedContracts ? "yes" : "no",
  });
  return [
    hostDaemonSet({
      metadata: { ...place, name: "contiv-aci-gw" },
      selector: { "k8s-app": "contiv-aci-gw" },
      serviceAccount: accounts.netmaster,
      containers: [
        {
          name: "contiv-aci-gw",
          image: images.aciGateway,
          imagePullPolicy: pullPolicy,
          env: [...said, ...(aci.password === undefined ? [] : [secretKey("APIC_PASSWORD", "aci.key", "password")])],
          securityContext: { privileged: false },
          volumeMounts: [keys.mount],
        },
      ],
      volumes: [keys.volume],
      maxUnavailable: settings.maxUnavailable,
      pod: pulled(settings),
    }),
  ];
}
