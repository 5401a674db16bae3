import type { Residue } from "../network-nodes/residue";
import { type ContivSettings, conflistPath, dataDirectories } from "./complete";

/** What Contiv leaves on a node. */
export function residue(settings: ContivSettings): Residue {
  return settings.mode === "vpp" ? ofVpp(settings) : ofNetplugin(settings);
}

function ofNetplugin(settings: ContivSettings): Residue {
  const { cni, store, mode } = settings;
  const inPods = mode === "kubernetes";
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
      "/usr/local/sbin/netctl",
      // Upstream's own removal takes another folder than the one that the data is in.
      ...(store.type === "own" ? [store.dataDirectory] : []),
      ...Object.values(dataDirectories),
    ],
    ...(inPods && {
      // Upstream's installer puts it there; of the same name is Arch's manager of networks.
      marked: { path: "/usr/bin/netctl", word: "contiv" },
      // Of a switch that Contiv's pods ran; where the host's own runs, and on hosts, it is the host's.
      unused: { process: "ovsdb-server", paths: ["/etc/openvswitch/conf.db", "/etc/openvswitch/.conf.db.~lock~"] },
    }),
    folders: [...(inPods ? ["/etc/openvswitch"] : []), "/var/etcd"],
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
