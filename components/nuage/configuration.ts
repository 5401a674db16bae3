import { stringify } from "yaml";
import type { NuageSettings } from "./complete";

/** Where Nuage's programs look for things; the names are their own. */
export const places = {
  kubeconfig: "/usr/share/vsp-k8s/nuage.kubeconfig",
  networks: "/usr/share/nuagekubemon/net-config.yaml",
  /** Where the pods see the VSD's user: from a Secret. */
  vsdUser: "/etc/nuage/vsd",
} as const;

/** Upstream's flags are numbers. */
const flag = (value: boolean) => (value ? 1 : 0);

/** nuagekubemon.yaml. */
export function monitorConfig(settings: NuageSettings): string {
  const { vsd, monitor, encryption, underlay, statistics, autoScaleSubnets } = settings;
  return stringify({
    kubeConfig: places.kubeconfig,
    masterConfig: places.networks,
    vsdApiUrl: `https://${vsd.address}:${vsd.port}`,
    vspVersion: vsd.apiVersion,
    enterpriseName: vsd.enterprise,
    domainName: vsd.domain,
    encryptionEnabled: flag(encryption),
    underlaySupport: flag(underlay),
    statsLogging: flag(statistics),
    userCertificateFile: `${places.vsdUser}/user.pem`,
    userKeyFile: `${places.vsdUser}/user-key.pem`,
    log_dir: "/var/log/nuagekubemon",
    logLevel: monitor.logLevel,
    nuageMonServer: {
      URL: `0.0.0.0:${monitor.port}`,
      certificateDirectory: "/etc/kubernetes/pki",
      clientCA: monitor.clientCa,
      serverCertificate: monitor.serverCertificate,
      serverKey: monitor.serverKey,
    },
    etcdClientConfig: {
      ca: monitor.etcd.ca,
      certFile: monitor.etcd.certificate,
      keyFile: monitor.etcd.key,
      urls: monitor.etcd.endpoints,
    },
    autoScaleSubnets: flag(autoScaleSubnets),
  });
}

/** net-config.yaml. */
export function networkConfig({ podCidr, subnetBits, serviceCidr }: NuageSettings): string {
  return stringify({
    networkConfig: {
      clusterNetworks: podCidr.map((cidr) => ({ cidr, hostSubnetLength: subnetBits })),
      serviceNetworkCIDR: serviceCidr[0],
    },
  });
}

/** vsp-k8s.yaml, of the plugin. */
export function pluginConfig({ vsd, monitor, cni, serviceCidr }: NuageSettings): string {
  return stringify({
    kubeConfig: places.kubeconfig,
    enterpriseName: vsd.enterprise,
    domainName: vsd.domain,
    vsdUser: vsd.user,
    nuageMonRestServer: `https://${monitor.address}:${monitor.port}`,
    dockerBridgeName: cni.dockerBridge,
    nuageMonClientCert: cni.clientCertificate,
    nuageMonClientKey: cni.clientCertificate,
    nuageMonServerCA: monitor.clientCa,
    interfaceMTU: cni.interfaceMtu,
    serviceCIDR: serviceCidr[0],
    logLevel: cni.logLevel,
  });
}

/** nuage-cni.yaml, of the audit daemon. */
export function daemonConfig({ cni }: NuageSettings): string {
  return stringify({
    vrsendpoint: cni.vrsEndpoint,
    vrsbridge: cni.bridge,
    monitorinterval: cni.monitorIntervalSeconds,
    cniversion: cni.version,
    loglevel: cni.logLevel,
    portresolvetimer: cni.portResolveSeconds,
    logfilesize: cni.logFileMegabytes,
    vrsconnectionchecktimer: cni.connectionCheckSeconds,
    mtu: cni.mtu,
    staleentrytimeout: cni.staleEntrySeconds,
    nuagesiteid: cni.siteId,
  });
}
