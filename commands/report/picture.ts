import type { Network } from "./model";
import { colour, pictureStyle } from "./page/colours";
import { Html, html } from "./page/html";
import { topology } from "./page/topology";

/** Twice as many pixels as the picture has, so that it is sharp on screens of today. */
const scale = 2;

/** A network's topology as a picture of its own, for a README. */
export async function png(network: Network): Promise<Buffer> {
  const { Resvg } = await loadRenderer();
  const style = new Html(`<style>${pictureStyle(colour)}</style>`);
  const image = new Resvg(topology(network, style).text, {
    background: colour("ground"),
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans Mono", monospaceFamily: "DejaVu Sans Mono" },
  });
  const words = new Resvg(html`<svg xmlns="http://www.w3.org/2000/svg"><text y="10">x</text></svg>`.text, {
    font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans Mono" },
  });
  if (!words.innerBBox())
    throw new Error("--png finds no font on this machine to write with; install one, such as fonts-dejavu-core");
  return image.render().asPng();
}

/** Only whoever asks for a picture needs the package: it is a program of ten megabytes for one system. */
async function loadRenderer() {
  try {
    return await import("@resvg/resvg-js");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new Error("--png draws with the package @resvg/resvg-js, which is missing: npm install @resvg/resvg-js");
  }
}
