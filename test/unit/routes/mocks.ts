import * as pulumi from "@pulumi/pulumi";
import { allocate } from "../../../components/addresses/plan";
import { decide } from "../../../components/routes/decide";
import { routesRequest } from "../../../components/routes/request";

export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** The id that it is imported by. */
  importId: string;
  dependencies: string[];
  /** The name of what it is a child of. */
  parent: string;
  deleteBeforeReplace: boolean;
}

interface Request {
  getName(): string;
  getType(): string;
  getImportid(): string;
  getDependenciesList(): string[];
  getParent(): string;
  getDeletebeforereplace(): boolean;
}

type Answers = Record<string, (inputs: never) => Record<string, unknown>>;

/** An engine that makes every resource as it is asked for, and answers data sources from `answers`. */
export class Mocked {
  readonly made: Registered[] = [];
  /** What data sources were asked, by token. */
  readonly asked: { token: string; inputs: Record<string, unknown> }[] = [];
  private requests: Request[] = [];

  /** @param answers by token; a test may change them */
  constructor(readonly answers: Answers) {}

  async start(): Promise<void> {
    await pulumi.runtime.setMocks({
      call: ({ token, inputs }) => {
        this.asked.push({ token, inputs });
        const answer = this.answers[token];
        if (!answer) throw new Error(`nobody answers ${token}`);
        return { ...inputs, ...answer(inputs as never) };
      },
      newResource: ({ type, name, inputs }) => {
        const request = this.requests.find((one) => one.getType() === type && one.getName() === name);
        this.made.push({
          type,
          name,
          inputs,
          importId: request?.getImportid() ?? "",
          dependencies: request?.getDependenciesList().map((urn) => urn.split("::").at(-1) as string) ?? [],
          parent: request?.getParent().split("::").at(-1) ?? "",
          deleteBeforeReplace: request?.getDeletebeforereplace() ?? false,
        });
        return { id: `id-of-${name}`, state: { ...inputs, ...answers[type]?.(inputs as never, name) } };
      },
    });
    const monitor = pulumi.runtime.getMonitor() as unknown as {
      registerResource(request: Request, done: unknown): unknown;
    };
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, done) => {
      this.requests.push(request);
      return register(request, done);
    };
  }

  of(type: string): Registered[] {
    return this.made.filter((one) => one.type.endsWith(`:${type}`));
  }

  forget(): void {
    this.made.length = 0;
    this.asked.length = 0;
    this.requests = [];
  }
}

/** What the provider answers where nothing is wrong; what is wrong is for the engine's tests. */
const answers: Record<string, (inputs: never, name: string) => Record<string, unknown>> = {
  "podnet:index:AddressPlan": (inputs) => ({ subnets: allocate(undefined, inputs) }),
  "podnet:index:NodeState": (_inputs, name) => ({ manifest: `manifest of ${name}` }),
  "podnet:index:RoutePlan": (inputs) => {
    const { routes, adopted } = decide(undefined, routesRequest.parse(inputs)).made;
    return { routes, adopted };
  },
};

export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
