// Filtering: words must all be there, -words must not; toggles of one kind widen, of two kinds narrow.
const form = byId("filter");
const field = byId("words");
let items = [];
const texts = new Map();
const textOf = (item) => {
  if (!texts.has(item)) {
    // Of a scenario its heading; of everything else what is read, not what is only there to be copied.
    const read = [...item.children].filter((one) => item.matches("details.scenario") ? one.localName === "summary" : !one.matches(".snippets"));
    texts.set(item, (read.map((one) => one.textContent).join(" ") + " " + item.id).toLowerCase());
  }
  return texts.get(item);
};
const toggles = (kind) => [...document.querySelectorAll('[data-filter="' + kind + '"]')];
const pressed = (kind) => toggles(kind).filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.value);

// A query is a list of terms: {word, not} or, for exchanges only, {field, word, not}.
const FIELDS = ["status", "method", "from", "slower"];
const query = (text) => text.toLowerCase().split(/\s+/).filter(Boolean).map((term) => {
  const not = term[0] === "-" && term.length > 1;
  const word = not ? term.slice(1) : term;
  const [name, ...value] = word.split(":");
  return FIELDS.includes(name) && value.length ? { not, field: name, word: value.join(":") } : { not, word };
});
let asked = { terms: [], outcomes: [], idps: [], bodies: false };
const apply = () => {
  asked = { terms: query(field.value), outcomes: pressed("outcome"), idps: pressed("idp"), bodies: pressed("bodies").length > 0 };
  const { terms, outcomes, idps } = asked;
  const plain = terms.filter((term) => !term.field);
  let shown = 0;
  for (const item of items) {
    const own = item.dataset.idp.split(" ").filter(Boolean);
    const fits = (!outcomes.length || outcomes.includes(item.dataset.outcome))
      && (!idps.length || !own.length || own.some((name) => idps.includes(name)))
      && plain.every((term) => textOf(item).includes(term.word) !== term.not);
    item.classList.toggle("filtered", !fits);
    if (fits) shown += 1;
  }
  const narrowed = terms.length || outcomes.length || idps.length;
  byId("clear").hidden = !narrowed;
  byId("shown").textContent = narrowed ? shown + " of " + items.length + " entries shown" : "";
  explore();
};
const store = () => {
  apply();
  const state = new URLSearchParams();
  const words = field.value.trim().split(/\s+/).join(" ");
  for (const [name, value] of [["q", words], ["o", asked.outcomes.join(",")], ["i", asked.idps.join(",")], ["b", asked.bodies ? "1" : ""]]) {
    if (value) state.set(name, value);
  }
  const anchor = location.hash.slice(1).split("?")[0];
  history.replaceState(null, "", "#" + anchor + (state.size ? "?" + state : ""));
};
const load = () => {
  const state = new URLSearchParams(location.hash.split("?")[1] || "");
  field.value = state.get("q") || "";
  for (const button of document.querySelectorAll("[data-filter]")) {
    const values = (state.get(button.dataset.filter[0]) || "").split(",");
    button.setAttribute("aria-pressed", String(values.includes(button.dataset.value)));
  }
  apply();
};
const clear = () => {
  field.value = "";
  for (const button of document.querySelectorAll('[data-filter][aria-pressed="true"]')) button.setAttribute("aria-pressed", "false");
  store();
};
form.addEventListener("submit", (event) => event.preventDefault());
field.addEventListener("input", store);
byId("clear").addEventListener("click", () => { clear(); field.focus(); });
document.addEventListener("click", (event) => {
  const button = event.target.closest && event.target.closest("[data-filter]");
  if (!button) return;
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  store();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(input|textarea|select)$/i.test(event.target.localName)) {
    event.preventDefault();
    field.focus();
  }
});
