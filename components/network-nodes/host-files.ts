import type { NodeStateInput } from "../node/state";

type Files = NonNullable<NodeStateInput["files"]>;

/** What makes a network's modules and sysctls those of the next boot. */
export function bootFiles(name: string, modules: readonly string[], sysctls: Readonly<Record<string, string>>): Files {
  return [
    { path: `/etc/modules-load.d/podnet-${name}.conf`, content: lines(modules) },
    {
      path: `/etc/sysctl.d/90-podnet-${name}.conf`,
      content: lines(Object.entries(sysctls).map(([key, value]) => `${key} = ${value}`)),
    },
  ];
}

/** Services on a node that would undo foreign network state, and whether they are told not to. */
export interface HostManagers {
  networkManager: boolean;
  networkd: boolean;
}

/** What each service reads before it decides whose an interface or a route is. */
export function hostManagerFiles(name: string, devices: readonly string[], managers: HostManagers): Files {
  return [
    ...(managers.networkManager
      ? [
          {
            path: `/etc/NetworkManager/conf.d/90-podnet-${name}.conf`,
            content: lines([
              "[keyfile]",
              `unmanaged-devices+=${devices.map((device) => `interface-name:${device}`).join(";")}`,
            ]),
          },
        ]
      : []),
    ...(managers.networkd
      ? [
          {
            path: `/etc/systemd/networkd.conf.d/90-podnet-${name}.conf`,
            content: lines(["[Network]", "ManageForeignRoutes=no", "ManageForeignRoutingPolicyRules=no"]),
          },
          {
            path: `/etc/systemd/network/05-podnet-${name}.network`,
            content: lines(["[Match]", `Name=${devices.join(" ")}`, "", "[Link]", "Unmanaged=yes"]),
          },
        ]
      : []),
  ];
}

/** The folders above a path that a fresh system may lack: all but those that every Linux has. */
export function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(1, -1);
  const all = parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
  return all.filter((one) => !["/etc", "/var", "/var/lib", "/opt", "/usr", "/usr/lib"].includes(one));
}

export function lines(list: readonly string[]): string {
  return `${list.join("\n")}\n`;
}
