/** Every colour of the page and its pictures, in light and in dark; pairs that meet have a contrast of 4.5 and more. */
const palette = {
  ground: ["#ffffff", "#14171c"],
  card: ["#f5f7fa", "#1e232b"],
  line: ["#8a94a3", "#6d7889"],
  ink: ["#1b2430", "#e6eaf0"],
  faint: ["#525d6b", "#a5b0bf"],
  link: ["#0b5cad", "#7fb8f5"],
  ok: ["#1a7f4b", "#4cc38a"],
  failing: ["#c62a2f", "#ff8b8b"],
  changed: ["#97590a", "#f0b04c"],
  gone: ["#6b3fa0", "#c5a1f5"],
  heat0: ["#e5f3ea", "#143524"],
  heat1: ["#c5e6d1", "#1a4a30"],
  heat2: ["#fbeec2", "#4a3d10"],
  heat3: ["#f9dcae", "#5c3a0c"],
  heat4: ["#f6c8a0", "#6b300e"],
  bad: ["#fbd3d3", "#6e1620"],
} as const;

export type Colour = keyof typeof palette;

export function colour(name: Colour, theme: "light" | "dark" = "light"): string {
  return palette[name][theme === "light" ? 0 : 1];
}

/** The palette as CSS variables, by what the reader's system asks for. */
export function colourVariables(): string {
  const all = (theme: "light" | "dark") =>
    (Object.keys(palette) as Colour[]).map((name) => `--${name}: ${colour(name, theme)};`).join(" ");
  return `:root { color-scheme: light dark; ${all("light")} }\n@media (prefers-color-scheme: dark) { :root { ${all("dark")} } }`;
}

/** How pictures are coloured: by the page's variables, or plainly where the reader of a picture knows none. */
export function pictureStyle(of: (name: Colour) => string = (name) => `var(--${name})`): string {
  return `
.picture text { font: 12px "DejaVu Sans Mono", ui-monospace, Menlo, Consolas, monospace; fill: ${of("ink")}; }
.picture .title { font-weight: bold; }
.picture .faint { fill: ${of("faint")}; font-size: 11px; }
.picture .segment { fill: none; stroke: ${of("line")}; stroke-dasharray: 5 3; }
.picture .card { fill: ${of("card")}; stroke: ${of("line")}; }
.picture .way { fill: ${of("ground")}; stroke: ${of("link")}; }
.picture .cable { stroke: ${of("line")}; fill: none; }
.picture .cable.far { stroke: ${of("link")}; stroke-width: 2; }
.picture .ok { fill: ${of("ok")}; }
.picture .failing { fill: ${of("failing")}; }
.picture .changed { fill: ${of("changed")}; }
.picture .unreachable, .picture .missing { fill: ${of("gone")}; }
.picture .missing { fill-opacity: 0.4; }
`;
}
