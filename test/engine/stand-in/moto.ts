import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import {
  CreateNetworkInterfaceCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { pythonWith } from "../../../bench/tools/python";
import { freePort } from "../../provider/ssh/sshd";

// moto is EC2's API on this machine: https://docs.getmoto.org. It keeps what it is told and sends no packet.

const requirements = [
  "moto==5.2.5",
  "flask==3.1.3",
  "flask-cors==6.0.5",
  "werkzeug==3.1.9",
  "boto3==1.44.8",
  "botocore==1.44.8",
];

export class Moto {
  private constructor(
    private readonly server: ChildProcess,
    readonly ec2: EC2Client,
  ) {}

  /** Installs it, once for this machine, and starts it. */
  static async start(): Promise<Moto> {
    const programs = await pythonWith("moto", requirements);
    const port = await freePort();
    const server = spawn(join(programs, "moto_server"), ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
    const ec2 = new EC2Client({
      endpoint: `http://127.0.0.1:${port}`,
      region: "eu-central-1",
      credentials: { accessKeyId: "moto", secretAccessKey: "moto" },
    });
    const moto = new Moto(server, ec2);
    await moto.ready(`http://127.0.0.1:${port}/moto-api/`);
    return moto;
  }

  private async ready(address: string): Promise<void> {
    for (let tries = 0; tries < 2400; tries += 1) {
      if (this.server.exitCode !== null) throw new Error(`moto ended with ${this.server.exitCode}`);
      const answered = await fetch(address).then(
        ({ ok }) => ok,
        () => false,
      );
      if (answered) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error("moto does not answer");
  }

  stop(): void {
    this.server.kill();
    this.ec2.destroy();
  }
}

export interface Zones {
  vpc: string;
  /** A private route table of each zone. */
  tables: Record<"a" | "b", string>;
  /** A subnet of each zone. */
  subnets: Record<"a" | "b", string>;
  securityGroup: string;
}

/** A VPC with a private subnet and a route table in each of two zones. */
export async function twoZones(ec2: EC2Client): Promise<Zones> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", AmazonProvidedIpv6CidrBlock: true }));
  const vpc = Vpc?.VpcId as string;
  const zone = async (name: string, CidrBlock: string) => {
    const placed = { VpcId: vpc, CidrBlock, AvailabilityZone: `eu-central-1${name}` };
    const { Subnet } = await ec2.send(new CreateSubnetCommand(placed));
    const TagSpecifications = [{ ResourceType: "route-table" as const, Tags: [{ Key: "role", Value: "private" }] }];
    const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId: vpc, TagSpecifications }));
    return { subnet: Subnet?.SubnetId as string, table: RouteTable?.RouteTableId as string };
  };
  const [a, b] = [await zone("a", "10.0.1.0/24"), await zone("b", "10.0.2.0/24")];
  const named = { GroupName: "nodes", Description: "nodes", VpcId: vpc };
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(named));
  return {
    vpc,
    tables: { a: a.table, b: b.table },
    subnets: { a: a.subnet, b: b.subnet },
    securityGroup: GroupId as string,
  };
}

/** A network interface in a subnet. */
export async function networkInterface(ec2: EC2Client, subnet: string, sourceDestCheck = false): Promise<string> {
  const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: subnet }));
  const id = NetworkInterface?.NetworkInterfaceId as string;
  await setCheck(ec2, id, sourceDestCheck);
  return id;
}

/** An instance in a subnet, whose own network interface forwards. */
export async function instance(ec2: EC2Client, subnet: string): Promise<{ id: string; networkInterface: string }> {
  const made = await ec2.send(
    new RunInstancesCommand({ ImageId: "ami-12c6146b", MinCount: 1, MaxCount: 1, SubnetId: subnet }),
  );
  const [one] = made.Instances ?? [];
  const own = one?.NetworkInterfaces?.[0]?.NetworkInterfaceId as string;
  await setCheck(ec2, own, false);
  return { id: one?.InstanceId as string, networkInterface: own };
}

async function setCheck(ec2: EC2Client, id: string, value: boolean): Promise<void> {
  const check = { NetworkInterfaceId: id, SourceDestCheck: { Value: value } };
  await ec2.send(new ModifyNetworkInterfaceAttributeCommand(check));
}
