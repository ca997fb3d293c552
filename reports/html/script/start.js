// Begin: show what needs a script, restore what the address says.
for (const hidden of document.querySelectorAll("[data-scripted]")) hidden.hidden = false;
form.hidden = false;
items = [...document.querySelectorAll("[data-item]")];
buttons(document);
theme(remembered());
// What is folded in the findings is printed, too; and folded again afterwards.
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll(".card details:not(.snippets):not([open]), .vendor details:not([open]), .gaps details:not([open])")];
  for (const one of unfolded) one.open = true;
});
addEventListener("afterprint", () => { for (const one of unfolded) one.open = false; });
if (location.hash) { load(); const id = anchorHere(); if (id) reveal(id); }
document.documentElement.dataset.ready = "true";
