// Begin: show what needs a script, restore what the address says.
for (const hidden of document.querySelectorAll("[data-scripted]")) hidden.hidden = false;
form.hidden = false;
items = [...document.querySelectorAll("[data-item]")];
buttons(document);
theme(remembered());
if (location.hash) { load(); const id = anchorHere(); if (id) reveal(id); }
document.documentElement.dataset.ready = "true";
