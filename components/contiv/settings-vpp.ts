import { z } from "zod";
import { cidr } from "../addresses/schema";
import { deviceName } from "../node/words";

const image = z.string().regex(/^[\w][\w./:@-]*$/, 'an image, such as "contivvpp/vswitch:v3.4.2"');
const pci = z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/, 'a PCI address such as "0000:00:08.0"');

/** Contiv-VPP: packets are switched by VPP in user space. Defaults are those of v3.4.2 where nothing else is said. */
export const vpp = z.strictObject({
  images: z
    .strictObject({
      /** @default "contivvpp/vswitch:v3.4.2", with VPP 19.08.2 */
      vswitch: image.default("contivvpp/vswitch:v3.4.2"),
      /** @default "contivvpp/cni:v3.4.2" */
      cni: image.default("contivvpp/cni:v3.4.2"),
      /** @default "contivvpp/ksr:v3.4.2" */
      ksr: image.default("contivvpp/ksr:v3.4.2"),
      /** @default "contivvpp/crd:v3.4.2" */
      crd: image.default("contivvpp/crd:v3.4.2"),
      /** @default "quay.io/coreos/etcd:v3.3.24" */
      etcd: image.default("quay.io/coreos/etcd:v3.3.24"),
    })
    .prefault({}),
  /** How packets go between nodes. @default "vxlan" */
  nodeToNodeTransport: z.enum(["vxlan", "srv6", "nooverlay"]).default("vxlan"),
  /** Nodes are in one layer 2, and no VXLAN is put around what is in it. @default false */
  useL2Interconnect: z.boolean().default(false),
  /** Pods' packets to the outside take their node's address. @default true */
  natExternalTraffic: z.boolean().default(true),
  /** Prefix length of a node's part of podCidr. @default 24 */
  nodePrefix: z.int().min(8).max(30).default(24),
  /** Links from VPP to the hosts. @default "172.30.0.0/16" */
  hostSubnetCidr: cidr.default("172.30.0.0/16"),
  /** @default 24 */
  hostNodePrefix: z.int().min(8).max(30).default(24),
  /** Addresses of the nodes' own NICs under VPP. @default "192.168.16.0/24" */
  nodeInterconnectCidr: cidr.default("192.168.16.0/24"),
  /** Those come by DHCP. @default false */
  nodeInterconnectDhcp: z.boolean().default(false),
  /** Ends of the tunnels. @default "192.168.30.0/24" */
  vxlanCidr: cidr.default("192.168.30.0/24"),
  /** Pages of 2 MiB that each node sets apart. @default 512 (1 GiB), upstream's */
  hugepages: z.int().min(64).default(512),
  /** What the kernel gives NICs to VPP by. @default "uio_pci_generic", upstream's; "vfio-pci" where there is an IOMMU */
  pciDriver: z.enum(["uio_pci_generic", "vfio-pci"]).default("uio_pci_generic"),
  /** The NIC that VPP takes, by node. @default {} (one that upstream's configuration finds, or none) */
  nics: z
    .record(
      z.string(),
      z.strictObject({
        pci,
        /** What the kernel calls it: never the NIC that the node is reached by. @default not looked at */
        device: deviceName.optional(),
        /** What VPP calls it: "GigabitEthernet0/8/0". @default VPP's first */
        interface: z
          .string()
          .regex(/^[\w/.-]{1,64}$/, "a name of VPP's")
          .optional(),
      }),
    )
    .default({}),
  /** Nodes have one NIC, which VPP takes with its address (STN). Needs upstream's daemon on each node. @default false */
  stealNic: z.boolean().default(false),
  /** contiv-crd, which makes definitions by an API that Kubernetes 1.22 took away. @default false */
  crd: z.boolean().default(false),
});
