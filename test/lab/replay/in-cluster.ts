import { record as recordFlannel } from "../../../components/flannel/record";
import { recorded } from "../../../components/network-nodes/record";
import { record as recordPolicy } from "../../../components/policy/record";
import { record as recordRomana } from "../../../components/romana/record";
import { record as recordWeave } from "../../../components/weave/record";
import { read as calico } from "../../unit/calico/read";
import { read as canal } from "../../unit/canal/read";
import { read as flannel } from "../../unit/flannel/read";
import { read as policy } from "../../unit/policy/read";
import { read as romana } from "../../unit/romana/read";
import { read as weave } from "../../unit/weave/read";
import { played } from "./played";

/** Networks whose objects are applied to a stand-in for the API server. */
export const inCluster = {
  flannel: played({
    component: "FlannelNetwork",
    recorded: (settings) => recordFlannel(flannel(settings)),
    choices: {
      podCidr: ["10.20.0.0/16", ["10.20.0.0/16", "fd00:20::/56"], "10.21.0.0/16"],
      backend: [{ type: "vxlan" }, { type: "vxlan", vni: 4 }, { type: "host-gw" }, { type: "udp" }],
      version: [undefined, "0.28.4"],
      masquerade: [undefined, false],
      randomPorts: [undefined, false],
      mtu: [undefined, 1380],
      underlayMtu: [undefined, 1500],
      rulesResyncSeconds: [undefined, 30],
      netfilter: [undefined, "nftables"],
    },
  }),
  canal: played({
    component: "CanalNetwork",
    recorded: (settings) => recordFlannel(canal(settings)),
    always: { crds: "present" },
    choices: {
      podCidr: ["10.30.0.0/16", "10.31.0.0/16"],
      backend: [{ type: "vxlan" }, { type: "vxlan", port: 8473 }, { type: "host-gw" }],
      masquerade: [undefined, false],
      dataplane: [undefined, "nftables"],
      mtu: [undefined, 1390],
      nodeCount: [undefined, 80],
      flannel: [undefined, { rulesResyncSeconds: 20 }],
      autoHostEndpoints: [undefined, true],
    },
  }),
  calico: played({
    component: "CalicoNetwork",
    recorded: (settings) => recorded(calico(settings)),
    always: { crds: "present" },
    choices: {
      podCidr: ["10.40.0.0/16", "10.41.0.0/16"],
      encapsulation: [undefined, "IPIP", "VXLAN", "None"],
      natOutgoing: [undefined, false],
      mtu: [undefined, 1370],
      nodeCount: [undefined, 120],
      dataplane: [undefined, "nftables"],
      wireguard: [undefined, { enabled: true }],
      typha: [undefined, { replicas: 3 }],
    },
  }),
  weave: played({
    component: "WeaveNetwork",
    recorded: (settings) => recordWeave(weave(settings)),
    always: { edition: "reweave" },
    choices: {
      podCidr: ["10.50.0.0/16", "10.51.0.0/16"],
      transport: [undefined, { type: "sleeve" }],
      mtu: [undefined, 1360],
      nodeCount: [undefined, 40],
      connectionLimit: [undefined, 60],
      policy: [undefined, false],
      hairpin: [undefined, false],
      password: [undefined, "of the door"],
      trustedSubnets: [undefined, ["192.0.2.0/25"]],
      logLevel: [undefined, "debug"],
    },
  }),
  romana: played({
    component: "RomanaNetwork",
    recorded: (settings) => recordRomana(romana(settings)),
    always: { legacy: true },
    choices: {
      podCidr: ["10.112.0.0/12", "10.60.0.0/16"],
      masquerade: [undefined, false],
      policies: [undefined, true],
      mtu: [undefined, 1390],
      kubernetesVersion: [undefined, "1.15"],
      natInterface: [undefined, "eth1"],
    },
  }),
  policy: played({
    component: "PolicyBaseline",
    recorded: (settings) => recordPolicy(policy(settings)),
    choices: {
      cni: ["canal"],
      migrate: ["enforce", "audit"],
      namespaces: [
        { names: ["shop", "web"] },
        { names: ["shop"] },
        { names: ["shop", "web", "monitoring"] },
        { names: ["kube-system", "shop"] },
      ],
      profile: [undefined, "same-namespace"],
      directions: [undefined, "ingress", "both"],
      openings: [
        undefined,
        { monitoring: { namespace: "monitoring", ports: "tcp/metrics" } },
        { others: { shop: { pods: { app: "web" }, from: { namespace: "shop" }, ports: "tcp/8080" } } },
        { others: { db: { to: { namespace: "shop", pods: { app: "db" } }, ports: "tcp/5432" } } },
        { dns: false },
        { served: ["dns"] },
        { metadata: "deny" },
        { metadata: "allow", others: { out: { to: "0.0.0.0/0", ports: "tcp/443" } } },
      ],
    },
  }),
};
