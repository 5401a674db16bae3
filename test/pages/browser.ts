import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";

/** A page that is open, and what it asked for and complained about. */
export interface Opened {
  page: Page;
  /** Addresses that were asked for besides the page itself. */
  asked: string[];
  /** Errors of its script and of its policy. */
  errors: string[];
}

/** Milliseconds that Chromium gets for one thing on a machine that has other things to do. */
const patience = 240_000;

/** Debian's Chromium without a screen, and a folder for pages to be opened from. */
export class Viewer {
  private readonly folder = mkdtempSync(join(tmpdir(), "podnet-page-"));

  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<Viewer> {
    const { launch } = await import("puppeteer-core");
    // Root has no namespace of its own for Chromium's sandbox, and the pages are ours.
    const program = { executablePath: "/usr/bin/chromium-headless-shell", args: ["--no-sandbox"] };
    return new Viewer(await launch({ ...program, timeout: patience, protocolTimeout: patience }));
  }

  async open(html: string, { theme = "light", width = 1240, script = true } = {}): Promise<Opened> {
    const path = join(this.folder, "page.html");
    writeFileSync(path, html);
    const page = await this.browser.newPage();
    page.setDefaultTimeout(patience);
    const [asked, errors]: [string[], string[]] = [[], []];
    page.on("request", (request) => {
      if (request.url() !== `file://${path}`) asked.push(request.url());
    });
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.setViewport({ width, height: 900 });
    await page.setJavaScriptEnabled(script);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    await page.goto(`file://${path}`);
    return { page, asked, errors };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
