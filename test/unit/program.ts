import * as pulumi from "@pulumi/pulumi";

/** Why each network was refused, "" where it was made. As the engine runs a program: its networks end with it. */
export async function program(...makers: (() => unknown)[]): Promise<string[]> {
  let refused: string[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    refused = makers.map((make) => {
      try {
        make();
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    });
  });
  return refused;
}
