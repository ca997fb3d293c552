// Links: to what is folded, filtered away, still packed, or in another file of the report.
const open = (element) => {
  for (let at = element; at; at = at.parentElement) {
    if (at.localName === "details") at.open = true;
    if (at.classList.contains("filtered")) clear();
  }
};
const boxOf = (slot) => document.querySelector('[data-fragment="' + CSS.escape(slot[0]) + '"][data-chunk="' + CSS.escape(slot[1]) + '"]');

// Where an id is that the page does not show yet: fill what is around it; or leave for the part that has it.
const fetchId = async (id) => {
  const told = await index();
  if (told.where[id]) {
    const box = boxOf(told.where[id]);
    // What is folded twice: the outer fragment first.
    if (box) await fill(box);
    return byId(id);
  }
  const row = told.at.get(id);
  const scenario = row === undefined ? told.scenarios.find((one) => one[0] === id) : told.scenarios[told.rows.s[row]];
  if (!scenario) return null;
  const home = byId(scenario[0]);
  if (told.parts.length && (row === undefined ? !home : true)) {
    location.href = told.parts[scenario[5]] + "#" + encodeURIComponent(id);
    return null;
  }
  if (!home) return null;
  home.open = true;
  for (const box of home.querySelectorAll(".exchanges[data-fragment]")) {
    await fill(box);
    if (byId(id)) break;
  }
  return byId(id);
};
const reveal = async (id) => {
  let element = byId(id);
  const box = element && element.closest(".exchanges[data-fragment]");
  if (box && !box.dataset.state) { await fill(box); element = byId(id); }
  if (!element) element = await fetchId(id).catch(() => null);
  if (!element) { say("This page has no " + id + "."); return; }
  open(element);
  if (element.localName === "details") await fillOf(element);
  for (const old of document.querySelectorAll(".reached")) old.classList.remove("reached");
  element.classList.add("reached");
  const target = element.querySelector(":scope > summary") || element;
  if (target === element && !element.hasAttribute("tabindex")) element.tabIndex = -1;
  target.focus({ preventScroll: true });
  element.scrollIntoView({ block: "start" });
};
const anchorHere = () => {
  const id = location.hash.slice(1).split("?")[0];
  try { return decodeURIComponent(id); } catch { return id; } // A bare percent sign stands for itself.
};
const go = (id) => {
  const state = location.hash.split("?")[1];
  const hash = "#" + encodeURIComponent(id).replaceAll("%2F", "/").replaceAll("%3A", ":") + (state ? "?" + state : "");
  if (location.hash !== hash) history.pushState(null, "", hash);
  return reveal(id);
};
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest("a");
  const href = link && link.getAttribute("href");
  if (!href || !href.startsWith("#") || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(decodeURIComponent(href.slice(1)));
});
addEventListener("popstate", () => { load(); const id = anchorHere(); if (id) reveal(id); });
