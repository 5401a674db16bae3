import type { Changes } from "../model";
import { type Html, html } from "./html";

export function changesSection({ from, to, groups, classes }: Changes): Html {
  if (groups.length === 0) return html`<p>The state does not say when its resources were changed.</p>`;
  return html`<p>What was made or changed last, from ${time(from)} to ${time(to)}; what was removed is in no state.</p>
${classes.length > 0 ? html`<ul>${classes.map(({ network, class: danger }) => html`<li>${network}: the last change of its settings was ${danger}</li>`)}</ul>` : undefined}
<div class="scroll" tabindex="0" role="region" aria-label="What was changed last"><table><thead><tr><th scope="col">action</th><th scope="col">resources</th><th scope="col">of type</th><th scope="col">names</th></tr></thead>
<tbody>${groups.map(
    ({ action, what, count, names }) =>
      html`<tr><td>${action}</td><td>${count}</td><td>${what}</td><td>${names.join(", ")}${count > names.length ? ` and ${count - names.length} more` : ""}</td></tr>
`,
  )}</tbody></table></div>`;
}

export function time(text: string | undefined): Html {
  return text === undefined
    ? html`an unknown time`
    : html`<time datetime="${text}">${text.slice(0, 19).replace("T", " ")} UTC</time>`;
}
