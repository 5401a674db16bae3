import type { Residue } from "../network-nodes/residue";
import { type ContivSettings, conflistPath, dataDirectories } from "./complete";

/** What Contiv leaves on a node. */
export function residue(settings: ContivSettings): Residue {
  return settings.mode === "vpp" ? ofVpp(settings) : ofNetplugin(settings);
}

function ofNetplugin(settings: ContivSettings): Residue {
  const { cni, store, hosts, mode } = settings;
  return {
    processes: ["netplugin", "netmaster"],
    bridges: ["contivVlanBridge", "contivVxlanBridge"],
    links: ["contivh0", "contivh1", "vvport*", "vport*", "vxif*"],
    // Its own proxy for node ports.
    chains: "CONTIV-",
    paths: [
      conflistPath(settings),
      // What upstream's programs wrote in each of their ways of running.
      `${cni.directory}/1-contiv.conf`,
      `${cni.binaries}/contivk8s`,
      "/run/contiv",
      "/var/contiv",
      "/var/log/contiv",
      "/var/log/contivk8s.log",
      "/etc/contiv",
      // Of a switch that Contiv's pods ran; on hosts it is the host's own.
      ...(mode === "kubernetes" ? ["/etc/openvswitch/conf.db", "/etc/openvswitch/.conf.db.~lock~"] : []),
      ...(hosts?.artifacts.netctl ? [] : ["/usr/bin/netctl"]),
      "/usr/local/sbin/netctl",
      // Upstream's own removal takes another folder than the one that the data is in.
      ...(store.type === "own" ? [store.dataDirectory] : []),
      ...Object.values(dataDirectories),
    ],
    folders: [...(mode === "kubernetes" ? ["/etc/openvswitch"] : []), "/var/etcd"],
    hosts: ["netmaster"],
  };
}

function ofVpp(settings: ContivSettings): Residue {
  const { cni, store } = settings;
  return {
    processes: ["vpp", "vpp_main", "contiv-agent", "contiv-ksr", "contiv-crd"],
    links: ["vpp1", "tap-vpp1", "tap-vpp2"],
    paths: [
      conflistPath(settings),
      `${cni.binaries}/contiv-cni`,
      "/run/contiv",
      "/run/vpp",
      "/var/contiv",
      "/var/bolt",
      "/usr/local/bin/vppctl",
      "/dev/shm/db",
      "/dev/shm/global_vm",
      "/dev/shm/vpe-api",
      ...(store.type === "own" ? [store.dataDirectory] : []),
      dataDirectories.vpp,
    ],
  };
}
