/** How the engine writes a value that is not known yet (Pulumi's constant). */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

interface Resource {
  urn: string;
  type: string;
  custom: boolean;
  inputs?: Record<string, unknown>;
}

const provider = {
  urn: "urn:pulumi:test::podnet::pulumi:providers:podnet::default",
  type: "pulumi:providers:podnet",
  custom: true,
  id: "made",
  inputs: {},
  outputs: {},
};

/** What a resource has besides its inputs once it is made. */
const made: Record<string, Record<string, unknown>> = {
  "podnet:index:NodeState": { manifest: "made", hostKey: "made" },
  "podnet:index:NetworkRecord": { lastChange: "safe" },
  "podnet:index:Verification": { matrix: {} },
};

/**
 * The state that a preview would end in, for `pulumi stack import`.
 *
 * @param unhealthy names of nodes' resources that could not be looked at in the last refresh
 */
export function asApplied(preview: string, unhealthy: readonly string[] = []): string {
  const digest = JSON.parse(preview.slice(preview.indexOf("{\n"))) as { steps: { newState?: Resource }[] };
  const resources = digest.steps.flatMap(({ newState }) => {
    if (!newState) return [];
    const lost = unhealthy.includes(newState.urn.split("::").at(-1) as string);
    const initErrors = ["unhealthy, last known state kept: node2 (198.18.0.12): connection timed out"];
    const outputs = { ...newState.inputs, ...made[newState.type] };
    return [{ ...newState, ...(newState.custom && { id: "made", outputs }), ...(lost && { initErrors }) }];
  });
  const [stack, ...others] = resources;
  return JSON.stringify({ version: 3, deployment: { resources: [stack, provider, ...others] } }).replaceAll(
    unknown,
    "made",
  );
}
