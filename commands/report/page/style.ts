import { colourVariables, pictureStyle } from "./colours";

/** The whole of the page's style. There is no style attribute on any element, which the page's policy would not apply. */
export const style = `
${colourVariables()}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1200px; padding: 0 1.25rem 4rem; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 1.5rem 0 0.25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.5rem; border-bottom: 1px solid var(--line); padding-bottom: 0.25rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: 1rem; list-style: none; padding: 0; margin: 0.75rem 0 0; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--ground); padding: 0.25rem 0.5rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0.75rem 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
code, table { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.82rem; }
.scroll { overflow: auto; max-height: 75vh; margin: 0.5rem 0; border: 1px solid var(--line); border-radius: 4px; }
.picture-frame { overflow-x: auto; margin: 0.75rem 0; }
.picture { display: block; max-width: 100%; height: auto; }
table { border-collapse: collapse; }
caption { text-align: left; color: var(--faint); padding: 0.4rem 0.6rem; font-family: system-ui, "DejaVu Sans", sans-serif; }
th, td { overflow-wrap: normal; text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border: 1px solid var(--line); }
thead th { position: sticky; top: 0; background: var(--card); z-index: 1; }
tbody th { background: var(--card); font-weight: 600; position: sticky; left: 0; white-space: nowrap; }
small { color: var(--faint); font-weight: 400; }
.heat td, .heat thead th, .grid td { text-align: center; white-space: nowrap; }
.heat td { min-width: 3.6rem; } .heat abbr { text-decoration: none; }
.grid thead span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 16rem; }
.grid td { max-width: 11rem; overflow: hidden; text-overflow: ellipsis; }
.heat0, .open { background: var(--heat0); } .heat1 { background: var(--heat1); }
.heat2, .part { background: var(--heat2); } .heat3 { background: var(--heat3); } .heat4 { background: var(--heat4); }
td.bad { background: var(--bad); font-weight: 700; }
.shut { color: var(--faint); }
.good { color: var(--ok); } .wrong { color: var(--failing); }
summary { cursor: pointer; padding: 0.3rem 0; }
.filter input { font: inherit; padding: 0.2rem 0.4rem; margin: 0 1rem 0.25rem 0.3rem; color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 4px; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media print { .scroll { max-height: none; overflow: visible; } .filter, nav { display: none; } }
${pictureStyle()}`;
