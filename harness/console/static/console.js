"use strict";
// Of our own there is little: where the reading goes on after a part of the page was replaced, and the last row in view.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.matches && event.target.matches("[data-tail]")) {
    const near = window.innerHeight + window.scrollY > document.body.scrollHeight - 400;
    if (near) window.scrollTo(0, document.body.scrollHeight);
  }
});
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.id === "main") {
    const heading = event.detail.elt.querySelector("h1");
    if (heading) {
      document.title = heading.textContent.trim() + " · scimulator";
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }
});
