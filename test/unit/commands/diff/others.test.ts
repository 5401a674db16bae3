import { describe, expect, test } from "vitest";
import { review } from "../../../../commands/diff/decide";
import { resources } from "../../../../provider/resources";

describe("what podnet keeps", () => {
  const step = (type: string, name: string, op = "delete", parent?: string) => ({
    op,
    urn: `urn:pulumi:s::p::${type}::${name}`,
    oldState: { inputs: { network: "canal" }, parent, initErrors: [] },
  });
  const verdict = (...steps: unknown[]) => review({ steps, diagnostics: [], changeSummary: {} } as never).verdict;

  test("is judged whichever resource it is, also where it goes alone", () => {
    const found = Object.keys(resources).map((type) => [type.split(":")[2], verdict(step(type, "pods"))]);
    expect(Object.fromEntries(found)).toEqual({
      AddressPlan: "safe",
      EtcdKey: "disruptive",
      FlowAudit: "safe",
      NetmasterObject: "disruptive",
      NetworkRecord: "disruptive",
      NodeState: "disruptive",
      RoutePlan: "safe",
      Verification: "safe",
    });
    expect(verdict(step("podnet:index:EtcdKey", "pods", "update"))).toBe("rolling");
  });

  test("is judged by its own network, and by no other whose name begins the same", () => {
    const network = (name: string) => `urn:pulumi:s::p::podnet:index:CanalNetwork::${name}`;
    const chart = step("podnet:index:CanalNetwork$kubernetes:helm.sh/v4:Chart", "pods", "same", network("pods"));
    const record = {
      ...step("podnet:index:CanalNetwork$podnet:index:NetworkRecord", "pods", "create", network("pods")),
      newState: { inputs: { network: "canal" }, parent: network("pods"), initErrors: [] },
    };
    const daemonSet = (name: string, parent: string) =>
      step("podnet:index:CanalNetwork$kubernetes:apps/v1:DaemonSet", name, "replace", parent);
    expect(verdict(record, daemonSet("pods/kube-system/canal", network("pods")))).toBe("safe");
    expect(verdict(record, chart, daemonSet("canal", chart.urn))).toBe("safe");
    expect(verdict(record, daemonSet("pods-b/kube-system/canal", network("pods-b")))).toBe("disruptive");
    expect(verdict(record, daemonSet("pods/kube-system/canal", network("pods-b")))).toBe("disruptive");
  });
});
