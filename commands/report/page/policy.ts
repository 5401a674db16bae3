import type { Reach, ReachCell, Report } from "../model";
import { filter } from "./filter";
import { type Html, html } from "./html";

const looks: Record<ReachCell["share"], string> = { all: "open", some: "part", none: "shut", "not asked": "" };

export function policySection({ reach, policies }: Report): Html {
  const objects = policies.length === 1 ? "1 policy object" : `${policies.length} policy objects`;
  if (!reach)
    return html`<p>${policies.length === 0 ? "The stack applies no policy." : `The stack applies ${objects}.`} Who reaches whom is shown with the cluster's workloads: <code>--cluster FILE</code>, as <code>kubectl get ns,pods,netpol -A -o yaml</code> prints them.</p>`;
  return html`<p>Who may open a connection to whom, by ${reach.by}, evaluated from the policies of the stack and the cluster. The stack applies ${objects}.</p>
${reach.unevaluated.length > 0 ? html`<ul class="wrong">${reach.unevaluated.map((line) => html`<li>${line}</li>`)}</ul>` : undefined}
${grid(reach)}
${rules(reach)}`;
}

function grid({ names, cells, by }: Reach): Html {
  return html`<p>${filter("reach", "row", "From")}${filter("reach", "column", "To")}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Who reaches whom"><table class="grid" id="reach"><caption>From row to column: what is allowed${by === "namespace" ? ", and between how many pairs of workloads" : ""}</caption>
<thead><tr><th scope="col">from ↓ to →</th>${names.map((name) => html`<th scope="col"><span>${name}</span></th>`)}</tr></thead>
<tbody>${cells.map(
    (row, index) => html`<tr><th scope="row">${names[index]}</th>${row.map(
      ({ share, text }) => html`<td class="${looks[share]}" title="${text}">${text}</td>`,
    )}</tr>
`,
  )}</tbody></table></div>`;
}

function rules({ lines }: Reach): Html {
  return html`<details><summary>${lines.length} groups of allowed connections, and the rules that decided</summary>
${filter("rules", "row", "Connections with")}
<div class="scroll" tabindex="0" role="region" aria-label="Allowed connections"><table id="rules"><thead><tr><th scope="col">from</th><th scope="col">to</th><th scope="col">allowed</th><th scope="col">because of</th></tr></thead>
<tbody>${lines.map(
    ({
      from,
      to,
      traffic,
      because,
    }) => html`<tr><td>${from}</td><td>${to}</td><td>${traffic}</td><td>${because.join("; ")}</td></tr>
`,
  )}</tbody></table></div></details>`;
}
