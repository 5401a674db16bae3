import { lines } from "../network-nodes/host-files";
import { sha256 } from "../node/kinds/file";

interface Service {
  description: string;
  /** Names of units that must be up before. @default ["network-online.target"] */
  after?: readonly string[];
  /** Lines of [Service]. */
  service: readonly string[];
  /** Files that the service reads at its start only: with another content its unit is another, and is started again. */
  reads?: readonly string[];
}

/** A unit file of podnet's. */
export function unitFile({ description, after = ["network-online.target"], service, reads = [] }: Service): string {
  return lines([
    ...(reads.length > 0 ? [`# Reads a configuration with the hash ${sha256(reads.join("\0")).slice(0, 16)}`] : []),
    "[Unit]",
    `Description=${description} (podnet)`,
    `After=${after.join(" ")}`,
    "Wants=network-online.target",
    "",
    "[Service]",
    ...service,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ]);
}

/** An INI file, as Felix and oslo.config read it. */
export function ini(sections: Record<string, Record<string, string>>): string {
  return Object.entries(sections)
    .map(([name, values]) => lines([`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${value}`)]))
    .join("\n");
}
