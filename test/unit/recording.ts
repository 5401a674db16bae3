import * as pulumi from "@pulumi/pulumi";
import { allocate, type PlanRequest } from "../../components/addresses/plan";

/** What the engine is asked for, secrets and dependencies included. */
interface Request {
  getName(): string;
  getType(): string;
  getDependenciesList(): string[];
  getObject(): { toJavaScript(): unknown };
}

interface Registered {
  type: string;
  name: string;
  inputs: Record<string, never>;
}

/**
 * Stands in for the engine, and remembers what a program registers.
 *
 * @param answers what the world outside adds to a resource of a type
 */
export function recording(answers: Record<string, (name: string) => Record<string, unknown>> = {}) {
  const registered: Registered[] = [];
  const requests: Request[] = [];
  const last = (text: string, mark: string) => text.split(mark).at(-1) as string;
  const request = (type: string, name: string) =>
    requests.find((one) => last(one.getType(), ":") === type && one.getName() === name);
  const dependenciesOf = (one: Request | undefined) => one?.getDependenciesList().map((urn) => last(urn, "::"));
  return {
    async start() {
      await pulumi.runtime.setMocks({
        call: ({ inputs }) => inputs,
        newResource({ type, name, inputs }) {
          registered.push({ type, name, inputs });
          const short = last(type, ":");
          return { id: name, state: { ...inputs, ...answer(short, name, inputs), ...answers[short]?.(name) } };
        },
      });
      const monitor = pulumi.runtime.getMonitor() as unknown as {
        registerResource(request: Request, done: unknown): unknown;
      };
      const register = monitor.registerResource.bind(monitor);
      monitor.registerResource = (one, done) => {
        requests.push(one);
        return register(one, done);
      };
    },
    stop: () => pulumi.runtime.disconnect(),
    all: () => registered,
    /** Those of one type, whose names begin with a network's. */
    of: (type: string, network = "") =>
      registered.filter((one) => last(one.type, ":") === type && one.name.startsWith(network)),
    request,
    dependenciesOf,
    waitsFor: (name: string) => dependenciesOf(requests.find((one) => one.getName() === name)),
    /** A resource's inputs as the engine gets them: a secret stands under its mark. */
    textOf: (type: string, name: string) => JSON.stringify(request(type, name)?.getObject().toJavaScript()),
    resolved: <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve)),
  };
}

function answer(type: string, name: string, inputs: unknown): Record<string, unknown> {
  if (type === "AddressPlan") return { subnets: allocate(undefined, inputs as PlanRequest) };
  return type === "NodeState" ? { manifest: `manifest of ${name}` } : {};
}
