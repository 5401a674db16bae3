import { join } from "node:path";
import { Plugin } from "../../../provider/plugin";

/** The plugin processes of one run: each stands for another `pulumi`. */
export class Plugins {
  private readonly started: Plugin[] = [];

  async start(): Promise<Plugin> {
    const plugin = await Plugin.start({ NODE_OPTIONS: `--require ${join(__dirname, "../clock.cjs")}` });
    this.started.push(plugin);
    return plugin;
  }

  stop(): void {
    for (const plugin of this.started) plugin.stop();
  }
}
