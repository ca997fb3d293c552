"use strict";
// Three things only: open what a link points at, filter, copy. The page says everything without it.
(() => {
  const byId = (id) => document.getElementById(id);
  const say = (text) => { byId("said").textContent = text; };
  const packs = new Map();

  // Packed fragments: gzip in base64, in blocks that no browser runs.
  const unpack = (name) => {
    if (!packs.has(name)) packs.set(name, inflate(name));
    return packs.get(name);
  };
  const inflate = async (name) => {
    const block = byId("pack-" + name);
    if (!block) return {};
    if (typeof DecompressionStream === "undefined") throw new Error("this browser cannot unpack it");
    const bytes = Uint8Array.from(atob(block.textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  };
  const fill = async (box) => {
    if (!box || box.dataset.state) return;
    box.dataset.state = "loading";
    try {
      const fragments = await unpack(box.dataset.chunk);
      // The fragment was escaped by the same templates as the rest of the page; a parsed document runs no script,
      // and the page's policy would not allow one.
      const parsed = new DOMParser().parseFromString(fragments[box.dataset.fragment], "text/html");
      const fresh = document.adoptNode(parsed.body);
      box.replaceChildren(...fresh.childNodes);
      buttons(box);
      box.dataset.state = "filled";
    } catch (error) {
      box.dataset.state = "";
      const note = document.createElement("p");
      note.className = "note";
      note.textContent = "Could not be opened: " + error.message + ". The same is in exchanges.jsonl.";
      box.prepend(note);
    }
  };
  const open = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (at.localName === "details") at.open = true;
      if (at.classList.contains("filtered")) clear();
    }
  };

  // Links: to what is folded, filtered away, or still packed.
  const reveal = async (id) => {
    let element = byId(id);
    const box = element && element.closest("[data-fragment]");
    if (box && !box.dataset.state) { await fill(box); element = byId(id); }
    if (!element && byId("pack-index")) {
      const name = (await unpack("index"))[id];
      const home = name && document.querySelector('[data-fragment="' + CSS.escape(name) + '"]');
      if (home) { await fill(home); element = byId(id); }
    }
    if (!element) { say("This page has no " + id + "."); return; }
    open(element);
    for (const old of document.querySelectorAll(".reached")) old.classList.remove("reached");
    element.classList.add("reached");
    const target = element.querySelector(":scope > summary") || element;
    if (target === element && !element.hasAttribute("tabindex")) element.tabIndex = -1;
    target.focus({ preventScroll: true });
    element.scrollIntoView({ block: "start" });
  };
  const here = () => {
    let id = location.hash.slice(1).split("?")[0];
    try { id = decodeURIComponent(id); } catch { /* an id with a bare percent sign stands for itself */ }
    if (id) reveal(id);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a");
    const href = link && link.getAttribute("href");
    if (href && href.startsWith("#") && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      if (location.hash !== href) history.pushState(null, "", href);
      reveal(decodeURIComponent(href.slice(1)));
    }
    const button = event.target.closest && event.target.closest("button.copy");
    if (button) copy(button.nextElementSibling);
  });
  document.addEventListener("toggle", (event) => {
    const details = event.target;
    if (!details.open) return;
    for (const box of details.querySelectorAll("[data-fragment]")) {
      if (box.parentElement.closest("details") === details) fill(box);
    }
    // A scenario with several blocks shows the first one at once.
    const first = details.querySelector(":scope > details.block[open] > [data-fragment]");
    if (first) fill(first);
  }, true);
  addEventListener("popstate", () => { load(); here(); });

  // Copying.
  const buttons = (root) => {
    for (const text of root.querySelectorAll("pre[data-copy]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      text.before(button);
    }
  };
  const copy = async (element) => {
    const text = element.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(element);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      if (!document.execCommand("copy")) { say("Could not copy: the text is selected, copy it by keyboard."); return; }
    }
    say("Copied.");
  };

  // Filtering: words must all be there, -words must not; toggles of one kind widen, of two kinds narrow.
  const form = byId("filter");
  const field = byId("words");
  const items = [...document.querySelectorAll("[data-item]")];
  const texts = new Map();
  const textOf = (item) => {
    if (!texts.has(item)) {
      const head = item.matches("details.scenario") ? item.querySelector("summary") : item;
      texts.set(item, (head.textContent + " " + item.id).toLowerCase());
    }
    return texts.get(item);
  };
  const pressed = (kind) => [...form.querySelectorAll('[data-filter="' + kind + '"][aria-pressed="true"]')].map((b) => b.dataset.value);
  const apply = () => {
    const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const outcomes = pressed("outcome");
    const idps = pressed("idp");
    let shown = 0;
    for (const item of items) {
      const own = item.dataset.idp.split(" ").filter(Boolean);
      const fits = (!outcomes.length || outcomes.includes(item.dataset.outcome))
        && (!idps.length || !own.length || own.some((name) => idps.includes(name)))
        && wanted.every((word) => word[0] === "-" && word.length > 1 ? !textOf(item).includes(word.slice(1)) : textOf(item).includes(word));
      item.classList.toggle("filtered", !fits);
      if (fits) shown += 1;
    }
    const narrowed = wanted.length || outcomes.length || idps.length;
    byId("clear").hidden = !narrowed;
    byId("shown").textContent = narrowed ? shown + " of " + items.length + " entries shown" : "";
    return { q: wanted.join(" "), o: outcomes.join(","), i: idps.join(",") };
  };
  const store = () => {
    const state = new URLSearchParams(Object.entries(apply()).filter(([, value]) => value)).toString();
    const anchor = location.hash.slice(1).split("?")[0];
    history.replaceState(null, "", "#" + anchor + (state ? "?" + state : ""));
  };
  const load = () => {
    const state = new URLSearchParams(location.hash.split("?")[1] || "");
    field.value = state.get("q") || "";
    for (const button of form.querySelectorAll("[data-filter]")) {
      const values = (state.get(button.dataset.filter[0]) || "").split(",");
      button.setAttribute("aria-pressed", String(values.includes(button.dataset.value)));
    }
    apply();
  };
  const clear = () => {
    field.value = "";
    for (const button of form.querySelectorAll('[aria-pressed="true"]')) button.setAttribute("aria-pressed", "false");
    store();
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", store);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.id === "clear") { clear(); field.focus(); return; }
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    store();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(input|textarea|select)$/i.test(event.target.localName)) {
      event.preventDefault();
      field.focus();
    }
  });

  form.hidden = false;
  buttons(document);
  if (location.hash) { load(); here(); }
  document.documentElement.dataset.ready = "true";
})();
