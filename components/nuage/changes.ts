import type { ChangeTable } from "../change";
import { changeTable, type Rule } from "../change-table";
import {
  disruptive,
  inventoryRule,
  nodeChangeRules,
  openPortsRule,
  refused,
  rolling,
  safe,
} from "../network-nodes/changes";

const another = "stop the workloads, destroy the network, and make it again with the new value";
const restarted = rolling("Nuage's pods are started again, node after node; pods that run keep their flows");
const told = rolling("the monitor is started again and tells the VSD");
const switched = disruptive("the switch is started again, and no packet passes a node while it is");
const plugin = rolling("the plugin is told; pods that are started from then on have it");

/** What a change of each setting does, by path. */
export const rules: Record<string, Rule> = {
  ...nodeChangeRules,
  name: refused("everything on the nodes and in the cluster is found by it", another),
  nodes: inventoryRule(),
  "nodes.*": rolling("that node alone is prepared or cleaned"),
  "nodes.*.addresses": disruptive("the end of that node's tunnels moves"),
  "nodes.*.segment": safe("what firewalls are opened for"),
  "nodes.*.nic": safe("what vrs.uplink is taken from"),
  "nodes.*.mtu": safe("what pods' MTU is worked out from"),
  segments: safe("what firewalls are opened for"),
  "segments.*": safe("what firewalls are opened for"),
  install: refused("the operator and podnet would both make the same pods", another),
  release: disruptive("the switch is among the images: no packet passes a node while it is started again"),
  "images.registry": switched,
  "images.monitor": told,
  "images.cni": restarted,
  "images.vrs": switched,
  "images.infra": safe("the test's pods alone"),
  "images.strongswan": disruptive("tunnels are encrypted anew"),
  "images.pullPolicy": switched,
  "images.pullSecrets": switched,
  "vsd.address": told,
  "vsd.port": told,
  "vsd.apiVersion": told,
  "vsd.enterprise": refused("namespaces and pods stand in the other enterprise of the VSD", another),
  "vsd.domain": refused("namespaces and pods stand in the other domain of the VSD", another),
  "vsd.user": told,
  "vsd.certificate": told,
  "vsd.key": told,
  "vsd.certificateFile": told,
  "vsd.keyFile": told,
  "vrs.controllers": disruptive("the switch asks other controllers, and learns its flows anew"),
  "vrs.uplink": disruptive("tunnels leave by another NIC"),
  "vrs.platform": switched,
  monitor: told,
  podCidr: refused("pods have addresses of subnets of it in the VSD", another),
  subnetBits: refused("subnets of the other size are in the VSD", another),
  serviceCidr: switched,
  otherRanges: safe("only what ranges are held apart from"),
  underlayMtu: safe("what pods' MTU is worked out from"),
  cni: plugin,
  "cni.bridge": refused("running pods hang on the other bridge", another),
  folders: disruptive("pods started in between find no network"),
  infraTest: safe("the test's pods come or go"),
  encryption: disruptive("the domain's packets are encrypted, or not, from one moment on"),
  strongswan: disruptive("tunnels are encrypted anew"),
  underlay: disruptive("pods reach what is outside of the overlay, or do not any more"),
  statistics: told,
  autoScaleSubnets: told,
  operator: restarted,
  namespace: disruptive("everything is made again in another namespace"),
  apiServer: restarted,
  maxUnavailable: safe("how the change is made, not what it is"),
  openPorts: openPortsRule,
  modules: safe("one module more is loaded"),
  hostManagers: safe("what the node's own services leave alone"),
};

/** What may change how in a Nuage network: from its recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
