import { parse } from "../../components/parse";
import { type VerificationSettings, verificationSettings } from "../../components/verification/settings";
import { readInventories } from "../inventory";
import { stackResources } from "../stack/export";

/** A network to probe, and the host keys that were recorded when its nodes were first met. */
export interface Subject {
  settings: VerificationSettings;
  hostKeys: Record<string, string>;
}

export interface InventoryProbing {
  cniConfig?: string;
  cniBin?: string;
  mtu?: number;
  families?: ("ipv4" | "ipv6")[];
}

/** The networks of a stack, as they were last verified. */
export async function subjectsOfStack(stack: string | undefined): Promise<Subject[]> {
  const resources = await stackResources(stack, "podnet:index:Verification");
  if (resources.length === 0)
    throw new Error(`the stack${stack ? ` ${stack}` : ""} has no network that is verified; run pulumi up first`);
  return withoutBatches(
    resources.map(({ urn, inputs, outputs }) => ({
      settings: parse(urn.split("::").at(-1) ?? urn, verificationSettings, inputs),
      hostKeys: (outputs.hostKeys ?? {}) as Record<string, string>,
    })),
  );
}

/** A rollout proves each of its batches by itself; the proof of the whole network holds them all. */
function withoutBatches(subjects: Subject[]): Subject[] {
  return subjects.filter(({ settings: part }) => {
    const wholes = subjects.filter(
      ({ settings: whole }) => whole.network === part.network && whole.nodes.length > part.nodes.length,
    );
    return !wholes.some(({ settings: whole }) => {
      const names = new Set(whole.nodes.map(({ name }) => name));
      return part.nodes.every(({ name }) => names.has(name));
    });
  });
}

/** The nodes of inventory files as one network. */
export function subjectOfInventory(files: string[], options: InventoryProbing): Subject {
  if (!options.cniConfig)
    throw new Error(
      "an inventory does not say what pods are attached with; give --cni-config, such as /etc/cni/net.d/10-podnet-pods.conflist",
    );
  const nodes = readInventories(files);
  const settings = parse(files.join(", "), verificationSettings, {
    network: files.join(", "),
    nodes: nodes.map(({ name, connection, addresses }) => ({ name, connection, addresses })),
    cni: { configFile: options.cniConfig, binaryDirectory: options.cniBin },
    mtu: options.mtu ?? Math.min(...nodes.map((node) => node.mtu)),
    families: options.families,
  });
  return { settings, hostKeys: {} };
}
