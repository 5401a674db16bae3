import { down, type Lab, type UpOptions, up } from "../../lab";
import { locked } from "../../lab/lock";

const releases = new Map<string, () => void>();

/**
 * A lab as nobody has touched it. What a killed run left of it is taken down first, and a run of the same test from
 * another checkout waits until this one ends its lab or dies.
 */
export async function freshLab(
  name: string,
  nodes: UpOptions["nodes"],
  packages: readonly string[] = [],
): Promise<Lab> {
  await new Promise<void>((held, failed) => {
    const holding = () =>
      new Promise<void>((release) => {
        releases.set(name, release);
        held();
      });
    locked(`/run/podnet-test-${name}.lock`, holding).catch(failed);
  });
  await down(name);
  return up({ name, nodes, packages });
}

export async function endLab(name: string): Promise<void> {
  await down(name);
  releases.get(name)?.();
}
