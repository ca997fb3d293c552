// The explorer: one row per exchange, of which only those on the screen exist.
const list = byId("rows");
const pane = byId("pane");
const ROW = 30; // Pixels; the style sheet says the same.
const explorer = { told: null, found: [], active: -1, began: false, hits: new Map(), asked: 0 };

const textOfRow = (told, row) => {
  const r = told.rows;
  const scenario = told.scenarios[r.s[row]];
  return [r.id[row], r.who[row], r.line[row], r.title[row], r.answer[row], r.marks[row], scenario[1], scenario[2]].join(" ").toLowerCase();
};
const fitsField = (told, row, { field: name, word }) => {
  const r = told.rows;
  if (name === "status") return r.answer[row].toLowerCase().startsWith(word.replace(/x+$/, ""));
  if (name === "method") return r.line[row].toLowerCase().startsWith(word + " ");
  if (name === "from") return (r.who[row] + " " + told.scenarios[r.s[row]][4]).toLowerCase().includes(word);
  return r.ms[row] >= Number(word);
};
// Which rows hold a word in their headers or bodies: every chunk is unpacked once and not kept.
const inBodies = async (told, word) => {
  if (explorer.hits.has(word)) return explorer.hits.get(word);
  const hits = new Set();
  const wanted = escaped(word);
  // Inside elements quotes are not escaped, elsewhere they are: one spelling for both.
  const plain = (html) => html.replace(/<[^>]*>/g, " ").replaceAll("&#34;", '"').replaceAll("&#39;", "'").toLowerCase();
  const byChunk = Map.groupBy ? Map.groupBy(told.rows.id.keys(), (row) => told.rows.c[row]) : grouped(told.rows.c);
  for (const [chunk, rows] of byChunk) {
    const fragments = chunk ? await inflate(chunk) : null;
    for (const row of rows) {
      const own = !fragments && byId(told.rows.id[row]);
      const text = fragments ? plain(fragments[told.rows.f[row]]) : escaped(own ? own.textContent.toLowerCase() : "");
      if (text.includes(wanted)) hits.add(row);
    }
  }
  explorer.hits.set(word, hits);
  return hits;
};
const grouped = (chunks) => {
  const made = new Map();
  chunks.forEach((chunk, row) => made.set(chunk, [...(made.get(chunk) || []), row]));
  return made;
};
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const explore = async () => {
  if (!explorer.began) return;
  const mine = explorer.asked += 1;
  const told = await index();
  explorer.told = told;
  if (!explorer.texts) explorer.texts = told.rows.id.map((_, row) => textOfRow(told, row));
  const { terms, outcomes, idps, bodies } = asked;
  const plain = terms.filter((term) => !term.field);
  if (bodies && plain.length) byId("rows-shown").textContent = "searching …";
  const inside = bodies ? await Promise.all(plain.map((term) => inBodies(told, term.word))) : [];
  if (mine !== explorer.asked) return; // Somebody went on typing meanwhile.
  const found = [];
  for (let row = 0; row < told.rows.id.length; row += 1) {
    const marks = told.rows.marks[row].split(" ");
    const fits = (!outcomes.length || outcomes.some((one) => marks.includes(one)))
      && (!idps.length || idps.includes(told.scenarios[told.rows.s[row]][4]))
      && plain.every((term, i) => (explorer.texts[row].includes(term.word) || (bodies && inside[i].has(row))) !== term.not)
      && terms.every((term) => !term.field || fitsField(told, row, term) !== term.not);
    if (fits) found.push(row);
  }
  explorer.found = found;
  explorer.active = -1;
  list.removeAttribute("aria-activedescendant");
  byId("rows-shown").textContent = found.length.toLocaleString("en") + " of " + told.rows.id.length.toLocaleString("en") + " exchanges";
  byId("rows-size").style.height = found.length * ROW + "px";
  list.scrollTop = 0;
  draw();
};
const cell = (name, text) => {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = text;
  return made;
};
const rowOf = (place) => {
  const told = explorer.told;
  const row = explorer.found[place];
  const r = told.rows;
  const made = document.createElement("div");
  made.id = "row-" + place;
  made.className = "row" + (r.marks[row] ? " marked" : "");
  made.setAttribute("role", "option");
  made.setAttribute("aria-setsize", explorer.found.length);
  made.setAttribute("aria-posinset", place + 1);
  made.setAttribute("aria-selected", String(place === explorer.active));
  made.style.top = place * ROW + "px";
  made.append(cell("n", r.n[row]), cell("who", r.who[row]), cell("line", r.line[row]), cell("answer", r.answer[row]),
    cell("ms", r.ms[row] + " ms"), cell("marks", r.marks[row] && "! " + r.marks[row]));
  return made;
};
const draw = () => {
  if (!explorer.told) return;
  const from = Math.max(0, Math.floor(list.scrollTop / ROW) - 5);
  const to = Math.min(explorer.found.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 5);
  const rows = [];
  for (let place = from; place < to; place += 1) rows.push(rowOf(place));
  byId("rows-size").replaceChildren(...rows);
};
const activate = (place) => {
  if (!explorer.found.length) return;
  explorer.active = Math.max(0, Math.min(explorer.found.length - 1, place));
  const top = explorer.active * ROW;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
  draw();
  list.setAttribute("aria-activedescendant", "row-" + explorer.active);
};
const show = async (row) => {
  const told = explorer.told;
  const r = told.rows;
  const scenario = told.scenarios[r.s[row]];
  const head = document.createElement("h3");
  head.textContent = r.n[row] + " " + r.who[row] + ": " + r.line[row];
  const under = document.createElement("p");
  const link = document.createElement("a");
  link.href = (told.parts.length ? told.parts[scenario[5]] : "") + "#" + r.id[row];
  link.textContent = "in its scenario";
  under.append(cell("tag", r.answer[row]), " " + r.title[row] + " · " + scenario[2] + " · ", link);
  const inner = document.createElement("div");
  const own = byId(r.id[row]);
  if (told.parts.length && !byId("pack-" + r.c[row])) {
    inner.append(cell("muted", "It lies in another file of this report: follow the link."));
  } else if (r.f[row]) {
    inner.append(...parsed((await unpack(r.c[row]))[r.f[row]]).childNodes);
  } else if (own) {
    inner.append(...own.querySelector(":scope > .inner").cloneNode(true).childNodes);
  }
  pane.replaceChildren(head, under, inner);
  buttons(pane);
  pane.scrollTop = 0;
};
const KEYS = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
if (list) {
  list.addEventListener("scroll", draw);
  list.addEventListener("keydown", (event) => {
    if (event.key in KEYS) { event.preventDefault(); activate(explorer.active + KEYS[event.key]); }
    if (event.key === "Enter" && explorer.active >= 0) { show(explorer.found[explorer.active]).then(() => pane.focus()); }
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (!row) return;
    activate(Number(row.id.slice(4)));
    show(explorer.found[explorer.active]);
  });
}
// Nothing is unpacked before somebody comes near.
const begin = () => { if (!explorer.began) { explorer.began = true; explore(); } };
if (list) new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) begin(); }, { rootMargin: "600px" }).observe(list);
